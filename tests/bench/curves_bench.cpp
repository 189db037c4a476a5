// How the cost of an execution grows with the program: entries before the threads begin, threads, operations.
#include "tests/bench/figures.hpp"
#include "tests/support/executors.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace mapquake::bench {
namespace {

struct Size {
  std::uint32_t prefill = 0;
  std::uint32_t threads = 2;
  std::uint32_t operations = 3;
  bool drawn_hash = false;

  std::string name() const {
    std::string text = std::to_string(threads) + " threads x " + std::to_string(operations) + " operations";
    if (prefill != 0) text += ", prefill " + std::to_string(prefill);
    if (drawn_hash) text += ", hash as drawn";
    return text;
  }
};

/// Processor time of one execution with schedules alone, in s.
double seconds_each(const Size& size) {
  const auto executor = testing_support::executor_for(
      testing_support::map_named(testing_support::bundled_plugin("rwlock_map"), "rwlock_map"));
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 1);
  request.plan.scenario.threads = size.threads;
  request.plan.scenario.operations = size.operations;
  if (size.prefill != 0) request.plan.scenario.prefill = size.prefill;
  request.plan.scenario.hash_given = !size.drawn_hash;
  request.plan.strategy = "mixed";
  ExploreProgress progress;
  executor->explore(request, progress);  // a worker is there from now on, and its pages
  request.seed = 2;
  request.seconds_max = 4;
  request.executions_max = UINT64_MAX;
  const double before = worker_seconds();
  const ExploreResult result = executor->explore(request, progress);
  return (worker_seconds() - before) / static_cast<double>(result.executions);
}

void execution_ms(benchmark::State& state, const Size& size, double at_most_ms) {
  double ms = 0;
  for (auto _ : state) {
    const double seconds = seconds_each(size);
    state.SetIterationTime(seconds);
    ms = seconds * 1e3;
  }
  figures().set({size.name(), ms, "ms", at_most_ms > 0 ? Aim::at_most : Aim::none, at_most_ms});
}

void execution_rate(benchmark::State& state, const Size& size, double at_least) {
  double rate = 0;
  for (auto _ : state) {
    const double seconds = seconds_each(size);
    state.SetIterationTime(seconds);
    rate = 1 / seconds;
  }
  figures().set({size.name(), rate, "a core-second", at_least > 0 ? Aim::at_least : Aim::none, at_least});
}

#define MQ_CURVE(measure, name, target, ...) \
  BENCHMARK_CAPTURE(measure, name, Size{__VA_ARGS__}, target)->Iterations(1)->UseManualTime()

MQ_CURVE(execution_ms, prefill_100, 0, .prefill = 100);
MQ_CURVE(execution_ms, prefill_400, 0, .prefill = 400);
MQ_CURVE(execution_ms, prefill_1600, 2, .prefill = 1'600);
MQ_CURVE(execution_ms, prefill_6400, 0, .prefill = 6'400);
MQ_CURVE(execution_ms, prefill_100000, 150, .prefill = 100'000);
MQ_CURVE(execution_ms, prefill_1600_drawn, 6, .prefill = 1'600, .drawn_hash = true);
MQ_CURVE(execution_rate, threads_4, 0, .threads = 4, .operations = 4);
MQ_CURVE(execution_rate, threads_16, 5'000, .threads = 16, .operations = 4);
MQ_CURVE(execution_rate, threads_32, 2'000, .threads = 32, .operations = 4);
MQ_CURVE(execution_rate, threads_64, 800, .threads = 64, .operations = 4);
MQ_CURVE(execution_rate, operations_16, 0, .threads = 3, .operations = 16);
MQ_CURVE(execution_rate, operations_64, 0, .threads = 3, .operations = 64);
MQ_CURVE(execution_rate, operations_256, 1'000, .threads = 3, .operations = 256);

}  // namespace
}  // namespace mapquake::bench
