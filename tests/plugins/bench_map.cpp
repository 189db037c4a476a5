// For tests/bench: each operation does one thing `key` times, so that its cost can be told from the rest.
#include <mapquake/adapter.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

namespace {

class BenchMap {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .iteration = mapquake::Iteration::none,
                                           .size = mapquake::SizeClaim::none,
                                           .linearizable = false,
                                           .retention = mapquake::Retention::evicts};
  static constexpr const char* about = "no map: loops for the benchmarks";

  /// Two plain accesses to memory of its own a round. On the heap: what does not leave a function is not instrumented.
  bool insert(std::int64_t rounds, std::int64_t) {
    const auto own = std::make_unique<volatile std::int64_t>(0);
    for (std::int64_t i = 0; i < rounds; ++i) *own = *own + 1;
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
  /// One plain access a round, each to another word; what was read long ago is read again behind a lock.
  template <class Make>
  std::int64_t get_or_create(std::int64_t rounds, Make&&) {
    constexpr std::int64_t words = 512;
    const auto own = std::make_unique<volatile std::int64_t[]>(words);
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < rounds; ++i) {
      if (i % words == 0) const std::lock_guard hold(lock_);
      sum += own[static_cast<std::size_t>(i % words)];
    }
    return sum;
  }
  /// A yield a round.
  template <class Change>
  bool update(std::int64_t rounds, Change&&) {
    for (std::int64_t i = 0; i < rounds; ++i) std::this_thread::yield();
    return false;
  }
  bool contains(std::int64_t) const { return false; }

 private:
  std::mutex lock_;
  volatile std::int64_t shared_ = 0;
  std::atomic<std::int64_t> atomic_{0};
};
MAPQUAKE_MAP("bench_map", BenchMap);

}  // namespace
