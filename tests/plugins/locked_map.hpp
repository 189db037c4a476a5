// A right map, for plugins in which something else is at stake.
#pragma once

#include <mapquake/adapter.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

/// Of maps that hold their entries in a LockedMap, and have insert, find and at most erase.
inline constexpr mapquake::Claims claims_of_locked_map{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                                       .iteration = mapquake::Iteration::none,
                                                       .size = mapquake::SizeClaim::none,
                                                       .on_bad_alloc = mapquake::ExceptionGuarantee::none};

/// std::map behind a mutex.
class LockedMap {
 public:
  bool insert(std::int64_t key, std::int64_t value) {
    const std::lock_guard lock(mutex_);
    return map_.emplace(key, value).second;
  }
  std::optional<std::int64_t> find(std::int64_t key) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(std::int64_t key) {
    const std::lock_guard lock(mutex_);
    return map_.erase(key) != 0;
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::int64_t> map_;
};
