// A ring of four places whose receiver is told once that something was sent, and from then on reads as many as it
// wants.
#include "tests/programs/together.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

namespace {

constexpr int sent_total = 3;
std::mutex mutex;
std::condition_variable arrived;
std::array<int, 4> ring{};
int sent = 0;

void send() {
  for (int i = 0; i < sent_total; ++i) {
    const std::lock_guard lock(mutex);
    ring[sent++ % ring.size()] = i + 1;
    arrived.notify_one();
  }
}

template <bool waits_for_each>
void receive() {
  for (int i = 0; i < sent_total; ++i) {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return waits_for_each ? sent > i : sent > 0; });
    MAPQUAKE_CHECK(ring[i % ring.size()] == i + 1);
  }
}

template <bool waits_for_each>
void circular_buffer() {
  kernel::run_together(send, receive<waits_for_each>);
}

}  // namespace

MAPQUAKE_PROGRAM("circular_buffer", circular_buffer<false>,
                 {.expected = {.outcomes = "invariant broken", .preemptions = 1}});
MAPQUAKE_PROGRAM("circular_buffer_right", circular_buffer<true>);
