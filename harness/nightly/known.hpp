// Replaying the failures that a store knows, before anything new is looked for.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/nightly/directory.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace mapquake::nightly {

/// What became of one of them.
struct KnownReplay {
  DefectKey key;
  std::filesystem::path path;
  std::string scenario;
  std::string headline;  ///< as the file has it
  Outcome outcome = Outcome::clean;
  KnownState state = KnownState::not_replayed;
  std::string note;  ///< how that is known; a sentence, without its full stop
  std::size_t map = 0;
  std::uint64_t fingerprint = 0;  ///< where it still fails or has changed
  std::string now;                ///< headline of what happens instead, where it has changed
  Outcome outcome_now = Outcome::clean;
};

/// Executions of a failure's program under other schedules, before it is called fixed.
inline constexpr std::uint32_t searched_before_fixed = 1000;

/// Replays one file on its map. On the build that wrote the file:
///   still_fails       with the same outcome (and label, where labels tell defects apart)
///   changed           in another way
///   not_reproducible  it runs clean, so something that mapquake does not control reaches the map
/// On another build, its choices are looked for by their addresses, then as near as can be:
///   still_fails, changed   likewise
///   fixed                  neither that schedule nor searched_before_fixed others of its program fail
/// Cost: one execution where the build is the same or the numbers of the events fit, else about one per choice and the
/// search.
KnownReplay replay_known(const ReplayFile& file, const MapInfo& map, Executor& executor,
                         const SymbolizerFactory& make_symbolizer);

struct KnownLimits {
  double seconds_max = 0;  ///< of all together; 0: no limit
  double seconds_of_each = 10;
  unsigned jobs = 1;
};

/// Replays those of `index` whose map is among `maps`, in the order of `last`: what was replayed longest ago comes
/// first, so that a store which takes more than a night's time is gone through in turns. `told` hears of each, one at a
/// time, from any thread; those for which there is no time, which are of other maps or cannot be read are not_replayed.
/// Ends soon after a signal. Problems are those of maps that cannot be run.
std::vector<KnownReplay> replay_all_known(const Index& index, const std::map<DefectKey, std::int64_t>& last,
                                          std::span<const MapInfo> maps, const CampaignServices& services,
                                          const KnownLimits& limits,
                                          const std::function<void(const KnownReplay&)>& told);

}  // namespace mapquake::nightly
