// The bench: threads, each with its own calls, for a stated time, again and again with fresh maps.
#pragma once

#include "harness/driver/loaded_map.hpp"
#include "harness/real/job.hpp"

#include <functional>

namespace mapquake::driver {

using Say = std::function<void(const real::Message&)>;

/// Says one repetition (a process makes one): a map is warmed up, measured without stamps (throughput, allocations,
/// hardware) and then with a stamp after each call (latency, slow calls).
void run_bench(const real::Job& job, const abi::Map& map, const Say& say);

/// SYSTEMS.md, section F: thread t stores k{t}-{i mod 100} for i = 0, 1, … 9,999, looks it up where 7 divides i and
/// erases it where 13 does. 92 keys of each thread are left, whatever the order.
void run_preset(const real::Job& job, const abi::Map& map, const Say& say);

}  // namespace mapquake::driver
