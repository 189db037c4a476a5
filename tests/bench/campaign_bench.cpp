// Whole exploring: programs generated, executed, judged, as a campaign does it.
#include "harness/base/stopwatch.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/executors.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <thread>

namespace mapquake::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing_support::bundled_plugin;

constexpr double seconds_each = 3;

ExploreRequest mixed(std::uint64_t seed, double seconds) {
  ExploreRequest request;
  request.scenario = "mixed-operations";
  request.plan.scenario.threads = 3;
  request.plan.scenario.operations = 4;
  request.plan.strategy = "mixed";
  request.seed = seed;
  request.seconds_max = seconds;
  return request;
}

struct Explored {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t switches = 0;
  double seconds = 0;  ///< of processor time
};

/// What fails ends the exploring: it goes on with another seed.
Explored explore(Executor& executor, std::uint64_t seed, double seconds) {
  ExploreProgress progress;
  Explored all;
  const double before = worker_seconds();
  const auto start = Clock::now();
  for (double left = seconds; left > 0; left = seconds - seconds_since(start)) {
    const ExploreResult result = executor.explore(mixed(seed, left), progress);
    all.executions += result.executions;
    all.steps += result.steps;
    all.switches += result.switches;
    seed += 1'000;
  }
  all.seconds = worker_seconds() - before;
  return all;
}

void executions(benchmark::State& state, const char* plugin, const char* map, double target) {
  const auto executor = testing_support::executor_for(testing_support::map_named(bundled_plugin(plugin), map));
  explore(*executor, 1, 0.2);
  Explored all;
  for (auto _ : state) {
    const Explored run = explore(*executor, 2, seconds_each);
    state.SetIterationTime(run.seconds);
    all = run;
  }
  const double rate = static_cast<double>(all.executions) / all.seconds;
  state.counters["executions/s"] = rate;
  state.counters["steps/s"] = static_cast<double>(all.steps) / all.seconds;
  state.counters["switches/s"] = static_cast<double>(all.switches) / all.seconds;
  figures().set({std::string("3 fibers x 4 mixed operations, ") + map, rate, "a core-second", Aim::at_least, target});
}
BENCHMARK_CAPTURE(executions, rwlock_map, "rwlock_map", "rwlock_map", 50'000)->Iterations(1)->UseManualTime();
BENCHMARK_CAPTURE(executions, libcuckoo, "libcuckoo", "libcuckoo", 3'000)->Iterations(1)->UseManualTime();

double rate_of_jobs(unsigned jobs) {
  const MapInfo map = testing_support::map_named(bundled_plugin("rwlock_map"), "rwlock_map");
  std::vector<std::unique_ptr<Executor>> executors;
  std::vector<Explored> runs(jobs);
  for (unsigned job = 0; job < jobs; ++job) {
    executors.push_back(testing_support::executor_for(map));
    explore(*executors.back(), 1, 0.2);
  }
  const auto start = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (unsigned job = 0; job < jobs; ++job) {
      threads.emplace_back([&, job] { runs[job] = explore(*executors[job], job, seconds_each); });
    }
  }
  const double seconds = seconds_since(start);
  std::uint64_t executions = 0;
  for (const Explored& run : runs) executions += run.executions;
  return static_cast<double>(executions) / seconds;
}

void two_jobs_against_one(benchmark::State& state) {
  double one = 0, two = 0;
  for (auto _ : state) {
    one = rate_of_jobs(1);
    two = rate_of_jobs(2);
    state.SetIterationTime(2 * seconds_each);
  }
  state.counters["one"] = one;
  state.counters["two"] = two;
  figures().set({"2 jobs against 1", two / one, "times", Aim::at_least, 1.8});
}
BENCHMARK(two_jobs_against_one)->Iterations(1)->UseManualTime();

}  // namespace
}  // namespace mapquake::bench
