#include "harness/cli/real_help.hpp"

namespace mapquake::cli {

std::string bench_examples() {
  return R"(Real threads on the same adapter, built without instrumentation (-O2; flags of yours follow "--"). Every point, a map
under one load, is a process of its own: a crash or a hang of a map is a result. Lists are separated by commas, and every
combination is measured. Exit 0; 1 if a map crashed, hung or lost keys that a preset counts; 2 if a point could not be measured.

Key distributions: uniform; zipf (exponent 0.99); hot-window (93 % within a hundredth of the keys, which moves on);
sequential (writes add new keys and take the oldest away); colliding (all keys hash alike).

Examples:
  mapquake bench --map rwlock_map --map go_sync_map --write-share 1,10,50 --threads 1,2,4
      throughput with confidence intervals, latencies, allocations, and why the slowest calls were slow
  mapquake bench my_map_adapter.cpp --keys zipf,hot-window --html bench.html -- -Iinclude -march=native
      your own map; plots in one file
  mapquake bench my_map_adapter.cpp --rate 200000
      calls at stated instants, timed from when they were due
  mapquake bench --preset all
      what post-mortems report of maps, beside what this machine measures)";
}

std::string stress_examples() {
  return R"(Real threads on fresh maps in short rounds, held up at a few places in the map's code that are drawn anew in each
round, recorded call by call and judged by the oracles of `mapquake check`. What is found is real, but may not happen again
with real threads: `mapquake import` makes an incident of the log for the deterministic search. Finding nothing means little;
`mapquake run` is the search. Exit 1 if something was found, 0 if not, 2 if some round could not be judged.

Examples:
  mapquake stress --map buggy_duplicate_insert --time 20s
      then, as it prints: mapquake import out/….mqrec --map buggy_duplicate_insert
  mapquake stress my_map_adapter.cpp --threads 4 --keys 8 --delays 0 -- -Iinclude
      your own map, on few keys, without delays)";
}

}  // namespace mapquake::cli
