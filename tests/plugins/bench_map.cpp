// For tests/bench: each operation does one thing `key` times, so that its cost can be told from the rest.
#include <mapquake/adapter.hpp>

#include <atomic>
#include <mutex>
#include <thread>

namespace {

class BenchMap {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .iteration = mapquake::Iteration::none,
                                           .size = mapquake::SizeClaim::none,
                                           .linearizable = false};
  static constexpr const char* about = "no map: loops for the benchmarks";

  /// Two plain accesses to memory of its own a round.
  bool insert(std::int64_t rounds, std::int64_t) {
    volatile std::int64_t own = 0;
    for (std::int64_t i = 0; i < rounds; ++i) own = own + 1;
    return true;
  }
  /// Two plain accesses a round to memory that all threads write, one thread after the other.
  bool erase(std::int64_t rounds) {
    const std::lock_guard hold(lock_);
    for (std::int64_t i = 0; i < rounds; ++i) shared_ = shared_ + 1;
    return false;
  }
  /// One atomic access a round to memory that all threads write.
  bool assign(std::int64_t rounds, std::int64_t) {
    for (std::int64_t i = 0; i < rounds; ++i) atomic_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  /// A relaxed store and a load a round.
  void reserve(std::size_t rounds) {
    for (std::size_t i = 0; i < rounds; ++i) {
      atomic_.store(static_cast<std::int64_t>(i), std::memory_order_relaxed);
      (void)atomic_.load(std::memory_order_acquire);
    }
  }
  /// A yield a round.
  bool contains(std::int64_t rounds) const {
    for (std::int64_t i = 0; i < rounds; ++i) std::this_thread::yield();
    return false;
  }

 private:
  std::mutex lock_;
  volatile std::int64_t shared_ = 0;
  std::atomic<std::int64_t> atomic_{0};
};
MAPQUAKE_MAP("bench_map", BenchMap);

}  // namespace
