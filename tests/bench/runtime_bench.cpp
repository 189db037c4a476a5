// What one event costs, measured as the difference between a long and a short execution of tests/plugins/bench_map.cpp.
#include "harness/case/execution_words.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/executors.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <stdexcept>

namespace mapquake::bench {
namespace {

constexpr Limits patient{.hang_cpu_ms = 10'000};
constexpr std::int64_t many = 2'000'000, few = 1'000;

struct Timed {
  Execution execution;
  double ns = 0;
};

Timed timed(Executor& executor, const Case& input) {
  const double before = worker_seconds();
  Timed run{executor.execute(input, false), 0};
  run.ns = (worker_seconds() - before) * 1e9;
  return run;
}

Case loops(OpKind kind, std::int64_t rounds, unsigned threads) {
  Case input;
  input.program.steps_max = steps_max_max;
  input.program.threads.assign(threads, {{kind, rounds, 0}});
  return input;
}

std::unique_ptr<Executor> bench_map() {
  return testing_support::executor_for(
      testing_support::map_named(testing_support::test_plugin("bench_map"), "bench_map"), patient);
}

/// The same under the C++ memory model: a stale read at an event that never comes switches it on.
Case weak(Case input) {
  input.choices = {{1, 1, 1, ChoiceKind::stale_read, 1}};
  return input;
}

/// Best of five: what is larger was disturbed.
template <class Count>
double ns_per(OpKind kind, Count count, bool weakly = false) {
  const auto executor = bench_map();
  const auto input = [&](std::int64_t rounds) {
    return weakly ? weak(loops(kind, rounds, 2)) : loops(kind, rounds, 2);
  };
  executor->execute(input(1), false);  // a worker is there from now on
  double best = 1e18;
  for (int round = 0; round < 5; ++round) {
    const Timed a = timed(*executor, input(few)), b = timed(*executor, input(many));
    if (b.execution.violation.outcome != Outcome::clean) throw std::runtime_error(why_of(b.execution));
    best = std::min(best, (b.ns - a.ns) / static_cast<double>(count(b.execution) - count(a.execution)));
  }
  return best;
}

void event(benchmark::State& state, OpKind kind, const char* name, double target) {
  double ns = 0;
  for (auto _ : state) {
    ns = ns_per(kind, [](const Execution& execution) { return execution.steps; });
    state.SetIterationTime(ns * 1e-9);
  }
  figures().set({name, ns, "ns", target > 0 ? Aim::at_most : Aim::none, target});
}
BENCHMARK_CAPTURE(event, private_access, OpKind::insert,
                  "access without a switch, memory of one thread, race and heap oracles on", 10)
    ->Iterations(1)
    ->UseManualTime();
BENCHMARK_CAPTURE(event, new_access, OpKind::get_or_create,
                  "access without a switch, first since the thread last released, race and heap oracles on", 15)
    ->Iterations(1)
    ->UseManualTime();
BENCHMARK_CAPTURE(event, shared_access, OpKind::erase,
                  "access without a switch, shared memory, race and heap oracles on", 10)
    ->Iterations(1)
    ->UseManualTime();
BENCHMARK_CAPTURE(event, atomic_access, OpKind::assign, "atomic operation without a switch", 0)
    ->Iterations(1)
    ->UseManualTime();

/// What weak memory adds to each atomic operation, as a factor.
void weak_memory(benchmark::State& state, OpKind kind, const char* name) {
  const auto steps = [](const Execution& execution) { return execution.steps; };
  double sc = 0, c11 = 0;
  for (auto _ : state) {
    sc = ns_per(kind, steps);
    c11 = ns_per(kind, steps, true);
    state.SetIterationTime(c11 * 1e-9);
  }
  figures().set({std::string(name) + " under --memory-model c11", c11, "ns"});
  figures().set({std::string(name) + ", c11 against sc", c11 / sc, "×", Aim::at_most, 3});
}
BENCHMARK_CAPTURE(weak_memory, atomic_modify, OpKind::assign, "atomic read-modify-write")
    ->Iterations(1)
    ->UseManualTime();
BENCHMARK_CAPTURE(weak_memory, atomic_store, OpKind::reserve, "atomic store and load")->Iterations(1)->UseManualTime();

void fiber_switch(benchmark::State& state) {
  double ns = 0;
  for (auto _ : state) {
    ns = ns_per(OpKind::update, [](const Execution& execution) { return execution.switches; });
    state.SetIterationTime(ns * 1e-9);
  }
  figures().set({"fiber switch (by sched_yield, its own cost included)", ns, "ns", Aim::at_most, 60});
}
BENCHMARK(fiber_switch)->Iterations(1)->UseManualTime();

void least_execution(benchmark::State& state) {
  const auto executor = bench_map();
  executor->execute(loops(OpKind::insert, 1, 1), false);  // a worker is there from now on
  SearchRequest request;
  request.program.threads = {{{OpKind::insert, 1, 0}}};
  request.executions_max = 100'000;
  double ns = 0;
  for (auto _ : state) {
    const double before = worker_seconds();
    const SearchResult result = executor->search(request);
    const double seconds = worker_seconds() - before;
    ns = seconds * 1e9 / static_cast<double>(result.executions);
    state.SetIterationTime(seconds);
  }
  figures().set({"reset: an execution of one operation, all in all", ns, "ns"});
}
BENCHMARK(least_execution)->Iterations(1)->UseManualTime();

void one_replay(benchmark::State& state) {
  const auto executor = bench_map();
  const Case input = loops(OpKind::insert, 1, 2);
  for (auto _ : state) benchmark::DoNotOptimize(executor->execute(input, false));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(one_replay)->Unit(benchmark::kMicrosecond)->UseRealTime();

void fresh_process(benchmark::State& state) {
  const auto executor = bench_map();
  const Case input = loops(OpKind::insert, 1, 2);
  for (auto _ : state) {
    executor->fresh_process();
    benchmark::DoNotOptimize(executor->execute(input, false));
  }
}
BENCHMARK(fresh_process)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace mapquake::bench
