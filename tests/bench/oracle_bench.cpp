// The oracles alone, on histories of real executions.
#include "harness/oracle/oracles.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/executors.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <vector>

namespace mapquake::bench {
namespace {

struct Sample {
  Program program;
  History history;
};

std::vector<Sample> samples(const MapInfo& map) {
  const auto executor = testing_support::executor_for(map);
  const Scenario& scenario = *find_scenario("mixed-operations");
  ScenarioOptions options;
  options.threads = 3;
  options.operations = 4;
  std::vector<Sample> all;
  for (std::uint64_t seed = 1; seed <= 64; ++seed) {
    Case input{scenario.generate(seed, 40, map.claims, map.operations, options), {}};
    for (std::uint32_t event = 1; event < 20; ++event) {
      for (ThreadId thread = 1; thread <= 3; ++thread) {
        for (std::uint16_t op = 0; op < 4; ++op) {
          if ((event * 7 + thread * 3 + op + seed) % 4 == 0) {
            input.choices.push_back({thread, op, event, ChoiceKind::schedule, 1 + (thread + event) % 3});
          }
        }
      }
    }
    std::sort(input.choices.begin(), input.choices.end());
    all.push_back({input.program, executor->execute(input, false).history});
  }
  return all;
}

void oracles(benchmark::State& state) {
  const MapInfo map = testing_support::map_named(testing_support::bundled_plugin("rwlock_map"), "rwlock_map");
  const auto all = samples(map);
  HistoryOracles oracles;
  std::size_t next = 0;
  const std::clock_t start = std::clock();
  for (auto _ : state) {
    const Sample& sample = all[next++ % all.size()];
    benchmark::DoNotOptimize(oracles.check(sample.program, sample.history, map.claims));
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  state.SetItemsProcessed(state.iterations());
  figures().set({"linearizability and all other oracles, 3 x 4 operations",
                 static_cast<double>(state.iterations()) / seconds, "a core-second"});
}
BENCHMARK(oracles);

}  // namespace
}  // namespace mapquake::bench
