// Queues: the two-lock queue (Michael & Scott 1996) with a pop that looks outside of its lock, and a bounded ring that
// says full too early, and one that goes wrong where it comes round. Smallest counterexample of each: one element, two
// pops, one preemption; one push into an empty ring; nine pushes and one pop before the ninth.
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

/// Of capacity 8. Where the broken one comes round, its writer goes on one place too far: right for a whole lap.
template <bool fixed>
class LappedRing {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "invariant broken"};
  static constexpr const char* about =
      fixed ? "a ring for eight" : "a ring for eight that is wrong from its second lap on";

  bool push(int value) {
    const std::lock_guard guard(lock_);
    if (count_ == slots_.size()) return false;
    slots_[write_] = value;
    write_ = write_ + 1 == slots_.size() ? (fixed ? 0 : 1) : write_ + 1;
    ++count_;
    return true;
  }
  std::optional<int> pop() {
    const std::lock_guard guard(lock_);
    if (count_ == 0) return std::nullopt;
    const int value = slots_[read_];
    read_ = (read_ + 1) % slots_.size();
    --count_;
    return value;
  }

 private:
  std::mutex lock_;
  std::array<int, 8> slots_{};
  std::size_t read_ = 0, write_ = 0, count_ = 0;
};

using BrokenQueue = LockedQueue<false>;
using RightQueue = LockedQueue<true>;
using BrokenRing = Ring<false>;
using RightRing = Ring<true>;
using RingModel = mapquake::models::Queue<2>;
using BrokenLap = LappedRing<false>;
using RightLap = LappedRing<true>;
using LapModel = mapquake::models::Queue<8>;

}  // namespace

MAPQUAKE_OBJECT("queue_unlocked_between", BrokenQueue, mapquake::models::Queue<>, push, pop, empty);
MAPQUAKE_OBJECT("queue_unlocked_between_fixed", RightQueue, mapquake::models::Queue<>, push, pop, empty);
MAPQUAKE_OBJECT("ring_off_by_one", BrokenRing, RingModel, push, pop);
MAPQUAKE_OBJECT("ring_off_by_one_fixed", RightRing, RingModel, push, pop);
MAPQUAKE_OBJECT("ring_second_lap", BrokenLap, LapModel, push, pop);
MAPQUAKE_OBJECT("ring_second_lap_fixed", RightLap, LapModel, push, pop);
