// What is left behind by a call that threw: kept on purpose, or lost.
#include <mapquake/adapter.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

constexpr mapquake::Claims strong_claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                         .iteration = mapquake::Iteration::none,
                                         .size = mapquake::SizeClaim::none,
                                         .on_bad_alloc = mapquake::ExceptionGuarantee::strong};

/// A list of retired blocks that outlives every map, as reclamation schemes have them.
struct Retired {
  Retired* next;
  Value value;
};

template <bool keeps>
class RetiringMap {
 public:
  static constexpr mapquake::Claims claims = strong_claims;
  static constexpr const char* about =
      keeps ? "a call that throws retires a block, and the list of retired ones is kept for ever"
            : "it loses the block";
  static constexpr mapquake::Expectation expected = [] {
    mapquake::Expectation expectation;
    if (!keeps) expectation.outcomes = "exception guarantee broken";
    return expectation;
  }();

  bool insert(Key key, Value value) {
    const std::lock_guard lock(mutex_);
    auto* spare = new Retired{nullptr, value};
    asm volatile("" : "+r"(spare));
    try {
      const bool inserted = map_.emplace(key, value).second;
      delete spare;
      return inserted;
    } catch (...) {
      if constexpr (keeps) {
        spare->next = first_;
        first_ = spare;
      }
      throw;
    }
  }
  std::optional<Value> find(Key key) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static inline Retired* first_ = nullptr;
  std::mutex mutex_;
  std::map<Key, Value> map_;
};
MAPQUAKE_MAP("probe_retired_after_throw", RetiringMap<true>);
MAPQUAKE_MAP("probe_lost_after_throw", RetiringMap<false>);

}  // namespace
