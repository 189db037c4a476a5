// A fuzzer that has silently stopped looking reports what a perfect map reports: nothing. So each run also looks for
// seeded defects that are rare enough to need looking for, with the options that the run has, and the store keeps how
// often they were found. Where that is less often than can be chance, the run says so.
//
// The test: of n tries, each of which finds the canary with probability p or more, at most x succeed with probability
// P(X <= x), X binomial (n, p); Clopper and Pearson, Biometrika 26 (1934). It is made for the last 1, 2, 4, … runs of
// the store and for each canary, so that neither a sudden end nor a slow decline is hidden by what was good before; all
// of these tests together give a false alarm in one run of 10,000 at most (Bonferroni).
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/nightly/record.hpp"

#include <span>
#include <string>
#include <vector>

namespace mapquake::nightly {

struct Canary {
  std::string map;  ///< bundled
  std::string scenario;
  Hazard hazard = Hazard::schedules;  ///< looked for only where the run covers it
  std::uint64_t executions_max = 0;   ///< of a try
  double rate = 0;                    ///< at least so many tries of one find it; tools/canaries.py measures it
};

/// The bundled ones.
std::span<const Canary> bundled_canaries();

inline constexpr double canary_false_alarm = 1e-4;

/// P(X <= found) of a binomial X. Requires: found <= tries, 0 < rate < 1. Exact but for rounding.
/// Cost: O(found).
double binomial_lower_tail(std::uint64_t found, std::uint64_t tries, double rate);

struct CanaryAlarm {
  std::string map;
  std::size_t runs = 0;  ///< the last so many
  CanaryCount count;     ///< over these
  double rate = 0;       ///< expected
  double chance = 0;     ///< of so few, if nothing is wrong
};

/// One at most for each canary, of the window that says it most clearly. `runs`: oldest first. Runs of another version
/// of mapquake than the last do not count: what it finds is another matter.
/// Cost: O(runs) for each canary.
std::vector<CanaryAlarm> canary_alarms(std::span<const RunRecord* const> runs, std::span<const Canary> canaries);

/// Of a run's time, for all canaries.
inline constexpr double canary_share = 0.02;
/// How many tries of each canary a run of so many seconds (0: no limit) has time for.
unsigned canary_tries_for(double seconds);

/// A try is a small campaign over the canary's map, under a seed of its own and the run's options but for what is
/// bounded or stored: `options.seed` is the run's. Nothing is written. Ends early after a signal; a try that did not
/// come to its end does not count. `maps`: the bundled ones; canaries that are not among them are left out.
std::map<std::string, CanaryCount> look_for_canaries(std::span<const Canary> canaries, std::span<const MapInfo> maps,
                                                     const CampaignOptions& options, const CampaignServices& services,
                                                     unsigned tries);

}  // namespace mapquake::nightly
