// Queues: the two-lock queue (Michael & Scott 1996) with a pop that looks outside of its lock, and a bounded ring that
// says full too early. Smallest counterexample of each: one element, two pops, one preemption; one push into an empty
// ring.
#include <mapquake/models.hpp>
#include <mapquake/object.hpp>

#include <array>
#include <deque>
#include <mutex>
#include <optional>

namespace {

template <bool fixed>
class LockedQueue {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "invariant broken|use after free|data race"};
  static constexpr const char* about = fixed ? "a queue behind a lock" : "a queue whose pop takes the lock twice";

  void push(int value) {
    const std::lock_guard guard(lock_);
    items_.push_back(value);
  }
  std::optional<int> pop() {
    std::unique_lock guard(lock_);
    if (items_.empty()) return std::nullopt;
    const int front = items_.front();
    if constexpr (!fixed) {
      guard.unlock();
      guard.lock();
      if (items_.empty()) return front;
    }
    items_.pop_front();
    return front;
  }
  bool empty() const {
    const std::lock_guard guard(lock_);
    return items_.empty();
  }

 private:
  mutable std::mutex lock_;
  std::deque<int> items_;
};

/// Of capacity 2. The broken one keeps a slot free to tell full from empty, and forgets that it does.
template <bool fixed>
class Ring {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "invariant broken"};
  static constexpr const char* about = fixed ? "a ring for two" : "a ring for two that holds one";

  bool push(int value) {
    const std::lock_guard guard(lock_);
    if (last_ - first_ == (fixed ? slots_.size() : slots_.size() - 1)) return false;
    slots_[last_++ % slots_.size()] = value;
    return true;
  }
  std::optional<int> pop() {
    const std::lock_guard guard(lock_);
    if (first_ == last_) return std::nullopt;
    return slots_[first_++ % slots_.size()];
  }

 private:
  std::mutex lock_;
  std::array<int, 2> slots_{};
  std::size_t first_ = 0, last_ = 0;
};

using BrokenQueue = LockedQueue<false>;
using RightQueue = LockedQueue<true>;
using BrokenRing = Ring<false>;
using RightRing = Ring<true>;
using RingModel = mapquake::models::Queue<2>;

}  // namespace

MAPQUAKE_OBJECT("queue_unlocked_between", BrokenQueue, mapquake::models::Queue<>, push, pop, empty);
MAPQUAKE_OBJECT("queue_unlocked_between_fixed", RightQueue, mapquake::models::Queue<>, push, pop, empty);
MAPQUAKE_OBJECT("ring_off_by_one", BrokenRing, RingModel, push, pop);
MAPQUAKE_OBJECT("ring_off_by_one_fixed", RightRing, RingModel, push, pop);
