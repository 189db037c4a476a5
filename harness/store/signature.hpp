// Tells whether two failures are the same defect.
#pragma once

#include "harness/store/replay_file.hpp"

#include <string>

namespace mapquake {

/// 16 hex digits that are equal for shrunk failures of the same defect, whichever seed or scenario found them. Covers
///   - map, outcome, label;
///   - per thread the multiset of operation kinds, and of these the multiset (so neither the order of threads nor of
///     operations counts, nor do keys and values);
///   - the set of (kind, place) of the choices, where place is file:line without nth and step; what the map's own
///     randomness answered (ChoiceKind::adapter) is left out.
/// Left out: scenario, seed, prefill, hash, why, build. XXH3-64 of that; different defects collide with probability
/// 2^-64 per pair.
std::string signature_of(const ReplayFile& file);

}  // namespace mapquake
