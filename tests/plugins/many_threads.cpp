// A thousand threads, one after the other, joined or detached; each has an identity among those that are alive.
#include <mapquake/program.hpp>

#include <atomic>
#include <thread>

namespace {

constexpr int thread_count = 1'000;

void joined() {
  int sum = 0;
  for (int i = 0; i < thread_count; ++i) std::thread([&] { ++sum; }).join();
  MAPQUAKE_CHECK(sum == thread_count);
}
MAPQUAKE_PROGRAM("thousand_joined_threads", joined);

void detached() {
  std::atomic<int> sum = 0;
  for (int i = 0; i < thread_count; ++i) {
    std::thread([&] { ++sum; }).detach();
    while (sum.load() == i) std::this_thread::yield();
  }
  MAPQUAKE_CHECK(sum.load() == thread_count);
}
MAPQUAKE_PROGRAM("thousand_detached_threads", detached);

int unguarded = 0;

/// The last two run at once.
void racing() {
  for (int i = 0; i < 300; ++i) std::thread([] { ++unguarded; }).join();
  std::thread one([] { ++unguarded; }), other([] { ++unguarded; });
  one.join();
  other.join();
}
MAPQUAKE_PROGRAM("race_after_many_threads", racing);

}  // namespace
