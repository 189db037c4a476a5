// A queue whose consumer looks under the lock whether there is something, and takes it under the lock, but lets go in
// between: with two consumers, both may see the last item.
#include "tests/programs/together.hpp"

#include <array>
#include <mutex>

namespace {

class Queue {
 public:
  void put(int item) {
    const std::lock_guard lock(mutex_);
    items_[end_++] = item;
  }
  bool has_some() {
    const std::lock_guard lock(mutex_);
    return begin_ != end_;
  }
  int take() {
    const std::lock_guard lock(mutex_);
    MAPQUAKE_CHECK(begin_ != end_);
    return items_[begin_++];
  }
  bool try_take(int& item) {
    const std::lock_guard lock(mutex_);
    if (begin_ == end_) return false;
    item = items_[begin_++];
    return true;
  }

 private:
  std::mutex mutex_;
  std::array<int, 8> items_{};
  unsigned begin_ = 0;
  unsigned end_ = 0;
};

Queue queue;

void put_two() {
  queue.put(1);
  queue.put(2);
}
void consume() {
  for (int i = 0; i < 2; ++i) {
    if (queue.has_some()) queue.take();
  }
}
void consume_at_once() {
  int item;
  for (int i = 0; i < 2; ++i) queue.try_take(item);
}

void check_then_take() {
  kernel::run_together(put_two, consume, consume);
}
void check_and_take() {
  kernel::run_together(put_two, consume_at_once, consume_at_once);
}

}  // namespace

MAPQUAKE_PROGRAM("queue", check_then_take, {.expected = {.outcomes = "invariant broken", .preemptions = 1}});
MAPQUAKE_PROGRAM("queue_right", check_and_take);
