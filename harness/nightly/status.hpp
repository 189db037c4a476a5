// Where a campaign stands, from what its store holds. Pure: nothing is run, and nothing is called clean that was not.
#pragma once

#include "harness/nightly/canaries.hpp"
#include "harness/nightly/store_value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mapquake::nightly {

enum class DefectStanding : std::uint8_t { open, fixed, not_reproducible, nondeterministic };
std::string_view name_of(DefectStanding standing);

struct DefectStatus {
  DefectKey key;
  StoredDefect defect;
  DefectStanding standing = DefectStanding::open;
  std::optional<Sighting> seen = {};  ///< over all runs; empty: `mapquake run` stored it, and no run has met it since
  std::optional<Replayed> replayed = {};  ///< the last time
};

/// One map under one scenario and one hazard.
struct Part {
  std::string scenario;
  std::string hazard;
};

enum class MapStanding : std::uint8_t {
  failing,       ///< a defect is open
  not_run,       ///< no execution in any run
  partly_run,    ///< nothing is open, and some parts have not run
  nothing_open,  ///< every part has run, and nothing is open
};
std::string_view name_of(MapStanding standing);

struct MapStatus {
  std::string map;
  MapStanding standing = MapStanding::not_run;
  std::uint64_t executions = 0;
  std::uint64_t executions_of_build = 0;  ///< by runs with the build that was run last
  std::uint64_t undecided = 0;
  std::int64_t last_run_s = 0;  ///< 0: never
  unsigned parts = 0;           ///< of all that was ever to be searched
  unsigned defects_open = 0;
  unsigned defects = 0;
  std::vector<Part> not_run;
};

struct Status {
  unsigned runs = 0;
  unsigned runs_open = 0;  ///< going on, or killed
  unsigned nights = 0;     ///< different days (UTC) on which runs began
  std::uint64_t executions = 0;
  std::int64_t first_s = 0;  ///< start of the first run and last save of the last; 0: no runs
  std::int64_t last_s = 0;
  std::vector<DefectStatus> defects;            ///< open ones first; of these, last seen first
  std::map<std::string, CanaryCount> canaries;  ///< over all runs of the version that ran last
  std::vector<CanaryAlarm> alarms;              ///< as of the last run that looked for canaries
  std::vector<MapStatus> maps;  ///< failing ones first, then by how little they ran; all that runs or files name
};

/// Cost: O(n log n) in what the store holds.
Status status_of(const StoreValue& store);

}  // namespace mapquake::nightly
