// A right map behind a spin lock that neither yields nor pauses: who finds it taken reads on until it is free.
#include "spin_lock.hpp"

#include <mapquake/adapter.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

class SpinningMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
  };

  bool insert(Key k, Value v) {
    const std::scoped_lock lock(lock_);
    return entries_.emplace(k, v).second;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool erase(Key k) {
    const std::scoped_lock lock(lock_);
    return entries_.erase(k) == 1;
  }

 private:
  SpinLock lock_;
  std::map<Key, Value> entries_;
};

MAPQUAKE_MAP("spinning_map", SpinningMap);

}  // namespace
