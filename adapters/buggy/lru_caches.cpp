// Bounded caches that evict the entry that was used longest ago, each with a defect: invariant broken (size disagrees
// with look-ups; holds more than its capacity), not linearizable (resurrected key).
//
// counts_late: an eviction and an erase of one entry both count it out, one of them outside of the lock, by a load and
// a
//   store. keeps_one_more: evicts once there are more than capacity + 1. returns_evicted: what was evicted lies in a
//   second table, where a look-up finds it after it has been erased.
// Minimum: 2 threads, 2 operations, 1 preemption; 1 thread, 1 to 3 operations.
#include <mapquake/adapter.hpp>

#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace {

using mapquake::Key;
using mapquake::Value;

enum class Defect { none, counts_late, keeps_one_more, returns_evicted };

template <Defect defect>
class Lru {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::exclusive,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .retention = mapquake::Retention::evicts_full,
      .capacity = 2,
      .citation = "lru_caches.cpp: holds `capacity` entries; evicts the one that was used longest ago beyond that",
  };
  static constexpr mapquake::Expectation expected{.outcomes = defect == Defect::none ? ""
                                                              : defect == Defect::returns_evicted
                                                                  ? "not linearizable|invariant broken"
                                                                  : "invariant broken",
                                                  .threads = 2,
                                                  .operations = 2,
                                                  .preemptions = 1};
  static constexpr const char* about = defect == Defect::none             ? "an LRU cache"
                                       : defect == Defect::counts_late    ? "counts its entries outside of the lock"
                                       : defect == Defect::keeps_one_more ? "keeps an entry too many"
                                                                          : "an erased entry comes back";

  explicit Lru(mapquake::Capacity capacity = {claims.capacity}) : capacity_(capacity.entries) {}

  bool assign(Key k, Value v) {
    std::unique_lock guard(lock_);
    const auto found = entries_.find(k);
    if (found != entries_.end()) {
      found->second->second = v;
      touch(found->second);
      return false;
    }
    order_.emplace_front(k, v);
    entries_.emplace(k, order_.begin());
    int change = 1;
    if (entries_.size() > capacity_ + (defect == Defect::keeps_one_more ? 1 : 0)) {
      const auto [old, value] = order_.back();
      if (defect == Defect::returns_evicted) evicted_.insert_or_assign(old, value);
      entries_.erase(old);
      order_.pop_back();
      change = 0;
    }
    count(change, guard);
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::lock_guard guard(lock_);
    if (const auto found = entries_.find(k); found != entries_.end()) {
      touch(found->second);
      return found->second->second;
    }
    if (defect != Defect::returns_evicted) return std::nullopt;
    const auto old = evicted_.find(k);
    return old == evicted_.end() ? std::nullopt : std::optional(old->second);
  }
  std::optional<Value> extract(Key k) {
    std::unique_lock guard(lock_);
    const auto found = entries_.find(k);
    if (found == entries_.end()) return std::nullopt;
    const Value old = found->second->second;
    order_.erase(found->second);
    entries_.erase(found);
    count(-1, guard);
    return old;
  }
  std::size_t size() const { return size_; }
  template <class Visit>
  void for_each(Visit visit) {
    const std::lock_guard guard(lock_);
    for (const auto& [k, v] : order_) visit(k, v);
  }

 private:
  using Order = std::list<std::pair<Key, Value>>;  // the latest first

  void touch(Order::iterator entry) { order_.splice(order_.begin(), order_, entry); }
  void count(int change, std::unique_lock<std::mutex>& guard) {
    if (defect == Defect::counts_late) guard.unlock();
    size_.store(size_.load() + static_cast<std::size_t>(change));
  }

  const std::size_t capacity_;
  std::mutex lock_;
  Order order_;
  std::unordered_map<Key, Order::iterator> entries_;
  std::unordered_map<Key, Value> evicted_;
  std::atomic<std::size_t> size_{0};
};

MAPQUAKE_MAP("buggy_lru_counts_late", Lru<Defect::counts_late>);
MAPQUAKE_MAP("buggy_lru_keeps_one_more", Lru<Defect::keeps_one_more>);
MAPQUAKE_MAP("buggy_lru_returns_evicted", Lru<Defect::returns_evicted>);
MAPQUAKE_MAP("fixed_lru", Lru<Defect::none>);

}  // namespace
