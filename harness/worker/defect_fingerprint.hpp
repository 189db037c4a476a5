// Which defect a failing execution shows, as a number computed from facts at hand: no symbols, no shrinking.
#pragma once

#include "harness/oracle/violation.hpp"
#include "harness/worker/map_runner.hpp"

#include <cstdint>
#include <string_view>

namespace mapquake {

/// Of the execution that `runner` ran last and that ended in `violation`, which is not clean. Equal for failures with
/// the same outcome and label that rest on the same places of the code (both accesses of a race, the access and the
/// free, the allocation of a lost block, where the threads of a deadlock wait) or, where a history contradicts the
/// claims, on operations of the same kinds. Never 0. Cost: well below a microsecond.
///
/// One defect may have several fingerprints; the signature (store/signature.hpp), which takes a shrunk case and
/// symbols, unites them. Addresses of code are the same in every process of a map, so fingerprints are, too.
std::uint64_t fingerprint_of(const MapRunner& runner, const Violation& violation);

/// Of a race with that label (runtime/race_report.cpp) at these places.
std::uint64_t fingerprint_of_race(std::string_view label, const runtime::RacePlaces& places);
/// Of every livelock, or hang: where one stood when it was given up is chance.
std::uint64_t fingerprint_of_loop(Outcome outcome);

}  // namespace mapquake
