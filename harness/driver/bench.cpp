#include "harness/driver/bench.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/driver/allocations.hpp"
#include "harness/driver/counters.hpp"
#include "harness/driver/slow_calls.hpp"
#include "harness/driver/workload.hpp"
#include "harness/real/histogram.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace mapquake::driver {
namespace {

using real::Histogram;
using real::Job;
using real::Repetition;

enum Stage : int { wait_all, warm_up, throughput, latency, over };

/// What all threads of a repetition look at, written by the main thread a few times.
struct alignas(64) Conductor {
  std::atomic<int> stage{wait_all};
  std::atomic<unsigned> ready{0};
  Ticks ticks;
  std::uint64_t latency_began = 0;  ///< written before that stage begins: one instant for all threads
};

/// The instants of a thread's calls where a rate is asked for. Without one it never waits.
class Pace {
 public:
  Pace(const Job& job, const Ticks& ticks)
      : ticks_(ticks), period_(job.rate > 0 ? ticks.ticks(job.threads / job.rate) : 0), next_(ticks.now()) {}
  bool is_open() const { return period_ != 0; }
  /// Waits for the instant of the next call, which is answered: in the past where calls are late.
  std::uint64_t next() {
    next_ += period_;
    for (std::uint64_t now = ticks_.now(); now < next_; now = ticks_.now()) {
      // Another thread may need this processor.
      if (next_ - now > ticks_.ticks(50e-6)) std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
    return next_;
  }

 private:
  const Ticks& ticks_;
  std::uint64_t period_;
  std::uint64_t next_;
};

class Worker {
 public:
  Worker(const Job& job, const abi::Map& map, MapObject& object, Conductor& conductor, unsigned number)
      : job_(job),
        object_(object),
        conductor_(conductor),
        number_(number),
        workload_(job, map.operations & ~map.claims.exclusive_operations, number) {}

  void run() {
    if (job_.pinned) pin_to_processor(number_);
    const MapUser user(object_);
    HardwareCounters hardware;
    conductor_.ready.fetch_add(1);
    while (stage() == wait_all) std::this_thread::yield();
    Pace pace(job_, conductor_.ticks);
    while (stage() == warm_up) {
      if (pace.is_open()) pace.next();
      call();
    }
    measure_throughput(pace, hardware);
    measure_latency();
  }

  /// After run().
  void give(Repetition& to) {
    to.operations += operations_;
    to.seconds = std::max(to.seconds, seconds_);
    to.allocations += static_cast<double>(allocated_.count);
    to.allocated_bytes += static_cast<double>(allocated_.bytes);
    to.counters.instructions += hardware_.instructions;
    to.counters.cycles += hardware_.cycles;
    to.counters.cache_misses += hardware_.cache_misses;
    to.counters.refused = hardware_.refused;
    to.errors += errors_;
    to.waited += kernel_.waited;
    to.preempted += kernel_.preempted;
    to.page_faults += kernel_.page_faults;
    if (slow_) slow_->give(to);
  }
  const Histogram& latencies() const { return latencies_; }
  bool is_open() const { return job_.rate > 0; }

 private:
  int stage() const { return conductor_.stage.load(std::memory_order_relaxed); }

  void call() {
    workload_.next(request_);
    object_.invoke(request_, response_);
    if (response_.status != abi::Status::returned) ++errors_;
  }

  void measure_throughput(Pace& pace, HardwareCounters& hardware) {
    const Allocations before = allocations();
    const KernelCounts kernel = kernel_counts();
    hardware.start();
    const std::uint64_t began = conductor_.ticks.now();
    while (stage() == throughput) {
      if (pace.is_open()) pace.next();
      call();
      ++operations_;
    }
    const std::uint64_t ended = conductor_.ticks.now();
    hardware_ = hardware.stop();
    kernel_ = kernel_counts() - kernel;
    seconds_ = static_cast<double>(conductor_.ticks.nanoseconds(ended - began)) / 1e9;
    allocated_ = {allocations().count - before.count, allocations().bytes - before.bytes, 0};
  }

  void measure_latency() {
    const Ticks& ticks = conductor_.ticks;
    std::atomic_thread_fence(std::memory_order_acquire);  // the stage was read relaxed
    slow_ = std::make_unique<SlowCalls>(number_, ticks, conductor_.latency_began);
    Pace pace(job_, ticks);
    std::uint64_t begin = ticks.now();
    while (stage() == latency) {
      if (pace.is_open()) begin = pace.next();
      call();
      const std::uint64_t end = ticks.now();
      latencies_.record(ticks.nanoseconds(end - begin));
      // What ends a call begins the next: one stamp for each.
      begin = slow_->ended(request_.kind, request_.key, begin, end) ? ticks.now() : end;
    }
  }

  const Job& job_;
  MapObject& object_;
  Conductor& conductor_;
  const unsigned number_;
  Workload workload_;
  abi::Request request_;
  abi::Response response_;
  Histogram latencies_;
  std::unique_ptr<SlowCalls> slow_;
  std::uint64_t operations_ = 0;
  std::uint64_t errors_ = 0;
  double seconds_ = 0;
  Allocations allocated_;
  KernelCounts kernel_;
  real::Counters hardware_;
};

void fill(const Job& job, const abi::Map& map, MapObject& object) {
  const MapUser user(object);
  abi::Request request;
  abi::Response response;
  request.kind = *adding_call(map.operations);
  for (std::uint64_t key = 1; key <= job.prefill; ++key) {
    request.key = request.value = static_cast<std::int64_t>(key);
    object.invoke(request, response);
  }
  object.call(abi::Hook::quiesce);
}

real::Latency latency_of(const Histogram& h) {
  return {h.percentile(50), h.percentile(99), h.percentile(99.9), h.max()};
}

/// As a client would have seen it that calls as often as the thread did on average.
Histogram corrected_for_omission(const Histogram& latencies) {
  return latencies.corrected(static_cast<std::uint64_t>(latencies.mean()));
}

void collect(std::vector<std::unique_ptr<Worker>>& workers, Repetition& result) {
  constexpr std::size_t shown_max = 64;
  Histogram raw;
  Histogram corrected;
  for (const auto& worker : workers) {
    worker->give(result);
    raw.add(worker->latencies());
    // At stated instants, calls were timed from when they were due: there is nothing left to correct.
    corrected.add(worker->is_open() ? worker->latencies() : corrected_for_omission(worker->latencies()));
  }
  result.raw = latency_of(raw);
  result.corrected = latency_of(corrected);
  std::ranges::sort(result.slow,
                    [](const auto& a, const auto& b) { return a.end_ns - a.begin_ns > b.end_ns - b.begin_ns; });
  if (result.slow.size() > shown_max) result.slow.resize(shown_max);
  std::ranges::sort(result.growths, [](const auto& a, const auto& b) { return a.begin_ns < b.begin_ns; });
}

Repetition repeat(const Job& job, const abi::Map& map, MapObject& object) {
  fill(job, map, object);
  Conductor conductor;
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < job.threads; ++i) {
    workers.push_back(std::make_unique<Worker>(job, map, object, conductor, i));
  }
  std::vector<std::thread> threads;
  threads.reserve(workers.size());
  for (const auto& worker : workers) threads.emplace_back([&worker] { worker->run(); });
  while (conductor.ready.load() < job.threads) std::this_thread::sleep_for(std::chrono::microseconds(100));
  const auto last = [&](Stage stage, double seconds) {
    conductor.stage.store(stage);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  };
  last(warm_up, job.warm_up_seconds);
  last(throughput, job.seconds);
  conductor.latency_began = conductor.ticks.now();
  last(latency, job.seconds);
  conductor.stage.store(over);
  for (std::thread& thread : threads) thread.join();
  Repetition result;
  collect(workers, result);
  return result;
}

}  // namespace

void run_bench(const Job& job, const abi::Map& map, const Say& say) {
  MapObject object(map);
  if (!object.error().empty()) return say({.error = object.error()});
  say({.repetition = repeat(job, map, object)});
}

void run_preset(const Job& job, const abi::Map& map, const Say& say) {
  constexpr std::int64_t rounds = 10'000;
  constexpr std::int64_t keys = 100;
  MapObject object(map);
  if (!object.error().empty()) return say({.error = object.error()});
  const bool assigns = (map.operations & op_bit(OpKind::assign)) != 0;
  std::atomic<std::uint64_t> calls{0};
  const auto work = [&](unsigned number) {
    const MapUser user(object);
    abi::Request request;
    abi::Response response;
    std::uint64_t mine = 0;
    const auto call = [&](OpKind kind) {
      request.kind = kind;
      object.invoke(request, response);
      ++mine;
    };
    for (std::int64_t i = 0; i < rounds; ++i) {
      request.key = number * keys + i % keys;
      request.value = i;
      call(assigns ? OpKind::assign : OpKind::insert);
      if (i % 7 == 0) call(OpKind::find);
      if (i % 13 == 0) call(OpKind::erase);
    }
    calls += mine;
  };
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < job.threads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  real::PresetRun result{calls, seconds_since(began), 0};
  object.call(abi::Hook::quiesce);
  const MapUser user(object);
  abi::Request request;
  abi::Response response;
  request.kind = OpKind::find;
  for (request.key = 0; request.key < static_cast<std::int64_t>(job.threads) * keys; ++request.key) {
    object.invoke(request, response);
    if (response.has_value) ++result.live;
  }
  say({.preset = result});
}

}  // namespace mapquake::driver
