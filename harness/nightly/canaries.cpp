#include "harness/nightly/canaries.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mapquake::nightly {
namespace {

constexpr unsigned tries_of_a_night = 8;

class Deaf final : public CampaignListener {
 public:
  void tick(const CampaignReport&) override {}
  void found(Finding&) override {}
};

bool covers(HazardMask hazards, Hazard hazard) {
  // Whatever is asked for, threads change places; the rest is the user's choice.
  if (hazards == hazard_bit(Hazard::as_asked)) return hazard == Hazard::schedules;
  return (hazards & hazard_bit(hazard)) != 0;
}

CampaignOptions options_of_try(const CampaignOptions& run, const Canary& canary, std::uint64_t seed) {
  CampaignOptions options = run;
  options.seed = seed;
  options.executions = canary.executions_max;
  options.seconds = 0;
  options.executions_of_map_min = 0;
  options.jobs = options.shard = options.shards = 1;
  options.stop_at_first = true;
  options.expected = false;
  options.program.reset();
  options.shrink_seconds = 0.001;
  if (options.hazards != hazard_bit(Hazard::as_asked)) options.hazards = hazard_bit(canary.hazard);
  return options;
}

bool was_found(const CampaignReport& report) {
  return std::ranges::any_of(report.defects, [](const DefectReport& defect) {
    return defect.is_failure() || defect.state == DefectState::unconfirmed;
  });
}

}  // namespace

std::span<const Canary> bundled_canaries() {
  static const std::array canaries = {
      Canary{"buggy_lost_insert_on_rehash", "mixed-operations", Hazard::schedules, 5000, 0.85},
      Canary{"buggy_seqlock_without_recheck", "mixed-operations", Hazard::schedules, 1500, 0.85},
      Canary{"buggy_stale_fill", "mixed-operations", Hazard::schedules, 1500, 0.85},
      Canary{"buggy_seqlock_without_fence", "mixed-operations", Hazard::weak_memory, 5000, 0.8},
  };
  return canaries;
}

double binomial_lower_tail(std::uint64_t found, std::uint64_t tries, double rate) {
  MQ_ASSERT(found <= tries && rate > 0 && rate < 1);
  if (found == tries) return 1;
  const auto n = static_cast<double>(tries);
  double sum = 0;
  for (std::uint64_t k = 0; k <= found; ++k) {
    const auto x = static_cast<double>(k);
    const double ways = std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1);
    sum += std::exp(ways + x * std::log(rate) + (n - x) * std::log1p(-rate));
  }
  return std::min(sum, 1.0);
}

std::vector<CanaryAlarm> canary_alarms(std::span<const RunRecord* const> runs, std::span<const Canary> canaries) {
  std::vector<const RunRecord*> counted;
  for (const RunRecord* run : runs) {
    if (run->version == runs.back()->version && !run->canaries.empty()) counted.push_back(run);
  }
  std::size_t windows = 0;
  for (std::size_t size = 1; size <= counted.size(); size *= 2) ++windows;
  const double threshold =
      canary_false_alarm / static_cast<double>(std::max<std::size_t>(windows * canaries.size(), 1));
  std::vector<CanaryAlarm> alarms;
  for (const Canary& canary : canaries) {
    CanaryAlarm clearest{.map = canary.map, .count = {}, .rate = canary.rate, .chance = 1};
    CanaryCount sum;
    for (std::size_t size = 1, next = 1; size <= counted.size(); ++size) {
      const auto at = counted[counted.size() - size]->canaries.find(canary.map);
      if (at != counted[counted.size() - size]->canaries.end()) sum += at->second;
      if (size != next) continue;
      next *= 2;
      const double chance = binomial_lower_tail(sum.found, sum.tries, canary.rate);
      if (chance < clearest.chance) {
        clearest.runs = size;
        clearest.count = sum;
        clearest.chance = chance;
      }
    }
    if (clearest.chance < threshold) alarms.push_back(std::move(clearest));
  }
  return alarms;
}

unsigned canary_tries_for(double seconds) {
  constexpr double seconds_of_try = 0.5;
  if (seconds == 0) return tries_of_a_night;
  const double tries = canary_share * seconds / (seconds_of_try * static_cast<double>(bundled_canaries().size()));
  return static_cast<unsigned>(std::min<double>(tries, tries_of_a_night));
}

std::map<std::string, CanaryCount> look_for_canaries(std::span<const Canary> canaries, std::span<const MapInfo> maps,
                                                     const CampaignOptions& options, const CampaignServices& services,
                                                     unsigned tries) {
  CampaignServices alone = services;
  alone.stored_case = {};
  alone.enough = {};
  alone.keep = [](const ReplayFile&) { return Result<std::filesystem::path>(std::filesystem::path("canary")); };
  std::map<std::string, CanaryCount> counts;
  Deaf deaf;
  std::uint64_t seed = mix64(options.seed ^ 0x63616e617279);
  for (const Canary& canary : canaries) {
    const auto map = std::ranges::find(maps, canary.map, &MapInfo::name);
    if (map == maps.end() || !covers(options.hazards, canary.hazard)) continue;
    const Cell cell{.map = 0, .scenario = canary.scenario};
    for (unsigned i = 0; i < tries; ++i) {
      seed = mix64(seed + 1);
      const CampaignReport report =
          run_campaign({&*map, 1}, {&cell, 1}, options_of_try(options, canary, seed), alone, deaf);
      const bool found = was_found(report);
      if (report.signal != 0 && !found) return counts;
      CanaryCount& count = counts[canary.map];
      ++count.tries;
      count.found += found;
      if (found) count.executions += report.executions();
    }
  }
  return counts;
}

}  // namespace mapquake::nightly
