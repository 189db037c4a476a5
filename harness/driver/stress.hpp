// Short rounds on fresh maps, recorded call by call.
#pragma once

#include "harness/driver/bench.hpp"

namespace mapquake::driver {

/// Which calls a stress round can make and the recorder knows.
OpMask recordable_calls(const abi::Map& map);

/// Rounds without end: each on a fresh map, of job.threads threads with job.calls calls each at most on a few keys,
/// recorded in job.directory as round-N.mqrec; the keys are looked up at the end, when all is at rest. `say` tells of
/// each round; `may_go_on` waits until the round may begin and answers false when it is enough. What the map itself
/// finds (a torn value, a broken invariant) is an error that ends it.
/// `base`: where the plugin is loaded, which job.places are counted from.
void run_stress(const real::Job& job, const abi::Map& map, std::uintptr_t base, const Say& say,
                const std::function<bool()>& may_go_on);

}  // namespace mapquake::driver
