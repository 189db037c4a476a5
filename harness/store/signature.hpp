// Tells whether two failures are the same defect.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/store/replay_file.hpp"

#include <span>
#include <string>
#include <vector>

namespace mapquake {

/// 16 hex digits that are equal for shrunk failures of the same defect, whichever seed or scenario found them. Covers
///   - map, outcome, label;
///   - per thread the multiset of operation kinds, and of these the multiset (so neither the order of threads nor of
///     operations counts, nor do keys and values);
///   - the set of (kind, place) of the choices, where place is file:line without nth and step; what the map's own
///     randomness answered (ChoiceKind::adapter), and choices without a place (which thread begins), are left out.
/// Where `telling_places` are given, they tell the defect instead of operations and choices; of a data race, instead of
/// the label, too.
/// Left out: scenario, seed, prefill, hash, why, build. XXH3-64 of that; different defects collide with probability
/// 2^-64 per pair.
std::string signature_of(const ReplayFile& file, std::span<const std::string> telling_places = {});

/// "my_map.hpp:88" for the places that alone tell which defect a traced execution ended with, sorted: both accesses of
/// a race, the access to freed memory and the free, where a lost block was allocated, where the threads of a deadlock
/// wait. Empty for other outcomes.
std::vector<std::string> telling_places_of(const Execution& traced, const SiteFunction& site);

}  // namespace mapquake
