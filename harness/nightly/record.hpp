// What one run of a campaign leaves behind, beside its replay files. Plain values; record_text.hpp has their text.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::nightly {

/// How a run came to its end. A record that says `open` is of a run that goes on, or was killed.
enum class RunEnd : std::uint8_t { open, time, executions, quiet, signal };
inline constexpr unsigned run_end_count = 5;
std::string_view name_of(RunEnd end);

/// One distinct defect: which map, and the signature of its replay file.
struct DefectKey {
  std::string map;
  std::string signature;
  friend auto operator<=>(const DefectKey&, const DefectKey&) = default;
};

struct CellKey {
  std::string map;
  std::string scenario;
  friend auto operator<=>(const CellKey&, const CellKey&) = default;
};

/// What a run did in one cell.
struct CellCount {
  std::uint64_t explored_ms = 0;  ///< summed over workers
  std::uint64_t undecided = 0;    ///< executions whose history could not be decided
  std::uint64_t coverage = 0;     ///< scheduling contexts seen in this run
  /// The last programs that covered something new, as kept_text.hpp writes them; oldest first.
  std::vector<std::string> kept;
  /// Executions under each hazard that was to be searched; 0: it has not been.
  std::map<std::string, std::uint64_t> hazards;
  std::uint64_t executions() const;
  friend bool operator==(const CellCount&, const CellCount&) = default;
};

/// When a run met a defect; seconds since 1970.
struct Sighting {
  std::int64_t first_s = 0;
  std::int64_t last_s = 0;
  std::uint64_t hits = 0;  ///< executions
  friend bool operator==(const Sighting&, const Sighting&) = default;
};

/// What became of a failure that the store had when the run began.
enum class KnownState : std::uint8_t { still_fails, changed, fixed, not_reproducible, not_replayed };
inline constexpr unsigned known_state_count = 5;
std::string_view name_of(KnownState state);

struct Replayed {
  KnownState state = KnownState::not_replayed;
  std::int64_t at_s = 0;
  friend bool operator==(const Replayed&, const Replayed&) = default;
};

/// How often a canary was looked for in a run, and found.
struct CanaryCount {
  std::uint64_t tries = 0;
  std::uint64_t found = 0;
  std::uint64_t executions = 0;  ///< until it was found, over the tries that found it
  CanaryCount& operator+=(const CanaryCount& more) {
    tries += more.tries;
    found += more.found;
    executions += more.executions;
    return *this;
  }
  friend bool operator==(const CanaryCount&, const CanaryCount&) = default;
};

struct RunRecord {
  std::string id;            ///< 16 hex digits, drawn at random: tells runs apart, wherever they ran
  std::uint64_t number = 1;  ///< the n-th of its store and shard
  std::uint64_t seed = 1;    ///< of the campaign; the run's own follows from it and the number
  unsigned shard = 1;
  unsigned shards = 1;
  std::string version;  ///< of mapquake
  std::int64_t started_s = 0;
  std::int64_t saved_s = 0;
  std::uint64_t saves = 0;  ///< how often it has been written: of two records of one run, the later has more
  RunEnd end = RunEnd::open;
  std::map<CellKey, CellCount> cells;         ///< all that were to be searched
  std::map<std::string, std::string> builds;  ///< of each map: MapInfo::build
  std::map<DefectKey, Sighting> seen;
  std::map<DefectKey, Replayed> replayed;
  std::map<std::string, CanaryCount> canaries;  ///< by map; of records before there were any, empty
  friend bool operator==(const RunRecord&, const RunRecord&) = default;

  std::uint64_t executions() const;
};

/// Of two records of one run, the later. Commutative, associative, idempotent. Requires: equal ids.
const RunRecord& later(const RunRecord& a, const RunRecord& b);

/// As they began.
std::vector<const RunRecord*> oldest_first(const std::map<std::string, RunRecord>& runs);

/// The seed of a run: no two of a campaign share one, and shards of one number share it, so that they divide its cases.
std::uint64_t seed_of_run(std::uint64_t campaign_seed, std::uint64_t number, unsigned shards);

}  // namespace mapquake::nightly
