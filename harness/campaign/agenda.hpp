// Who explores what next. The work is cut into arms: one cell (map and scenario) under one hazard each.
//
// What must be done whatever the time is a row per arm: a fixed number of slices with program numbers of their own, so
// that what is found does not depend on the number of workers or their speed. The slices of all rows, counted through
// arm by arm, are the cases that shards divide: shard i of n has the cases k with k mod n = i - 1. They depend on
// nothing but the plan, so all shards together do the work of one process. Time beyond that goes into lanes: endless
// sequences of programs under seeds of their own, of which shard i has the lanes k of each arm with k mod n = i - 1; a
// second lane is opened only for a worker that would otherwise be idle. A worker stays with a map for a while: another
// one costs it new processes.
#pragma once

#include "harness/case/dead_ends.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace mapquake {

struct ArmPlan {
  std::size_t map = 0;  ///< arms of one map stand side by side
  std::size_t cell = 0;
  std::uint64_t executions = 0;  ///< its row, over all shards; 0: none
  std::uint64_t seed = 0;
  double weight = 1;  ///< its share of the time of lanes, beside the other arms of its map; > 0
};

struct AgendaPlan {
  std::vector<ArmPlan> arms;
  bool lanes = false;  ///< whether there is time beyond the rows
  unsigned shard = 1;
  unsigned shards = 1;
};

/// Slice n of a row has the program numbers from n << slice_program_bits on, more of them than it can use up.
inline constexpr unsigned slice_program_bits = 40;

/// The next program of an arm, its schedules that were run already and what these took out of it, and what was learned
/// of the programs before it.
struct Position {
  std::uint64_t program = 0;
  std::uint32_t schedule = 0;
  SteppedOver stepped_over = {};
  DeadEnds dead_ends = {};
  friend bool operator==(const Position&, const Position&) = default;
};

struct Slice {
  std::size_t arm = 0;
  std::uint64_t index = 0;  ///< the slice's place in its row, or the number of its lane
  bool in_row = false;
  std::uint64_t seed = 0;
  Position first;
  std::uint64_t first_execution = 0;  ///< in a row: its place among those of the arm
  std::uint64_t executions_max = UINT64_MAX;
};

/// Not thread-safe; its owner holds a lock. Every call costs O(arms) at most.
class Agenda {
 public:
  explicit Agenda(AgendaPlan plan);

  /// The next piece of work; empty if none is left for another worker. Rows come first, map by map; then, of the map
  /// `near`, or else of the one that was served least for its weight, the arm that was.
  std::optional<Slice> take(std::optional<std::size_t> near);
  /// The slice ended at `next`.
  void finished(const Slice& slice, Position next);

  /// Nothing that comes after this slice in its cell is wanted any more (in a lane: nothing at all).
  void cut_after(const Slice& slice);
  void set_arm_weight(std::size_t arm, double weight);
  void set_map_weight(std::size_t map, double weight);
  /// Before anything was taken: what lanes of each arm were served earlier, in slices. The arms and maps that had
  /// least come first, by a few turns at most, so that a late one does not keep all others waiting.
  void set_served(const std::vector<double>& slices);
  /// Nothing of the arm is wanted any more.
  void close(std::size_t arm);

  /// Whether a running slice is still wanted.
  bool wanted(const Slice& slice) const;
  /// Slices of the map's rows that come before this one, in the order (index, arm), have all ended; with
  /// `only_cell`, those of its cell. True for lanes.
  bool settled_before(const Slice& slice, bool only_cell) const;
  /// Rows have nothing left to take.
  bool rows_taken() const;
  /// The arm's row has a part for this shard.
  bool has_part(std::size_t arm) const { return rows_[arm].first < rows_[arm].slices; }

 private:
  struct Lane {
    std::uint64_t number = 0;
    Position next;
    bool busy = false;
  };
  struct Row {
    std::uint64_t slice_executions = 0;
    std::uint64_t slices = 0;
    std::uint64_t first = 0;  ///< that is this shard's
    std::uint64_t next = 0;
    std::uint64_t limit = 0;  ///< slices from here on are not wanted
    bool open = true;
    unsigned running = 0;
    std::vector<std::uint64_t> running_slices;  ///< of the row
    double served = 0;                          ///< slices of lanes, each counted as 1 / weight
    std::vector<Lane> lanes;
  };
  struct MapRow {
    double weight = 1;
    double served = 0;
    unsigned running = 0;
  };
  bool has_row_work(const Row& row) const { return row.open && row.next < row.limit; }
  std::optional<Slice> take_row(std::optional<std::size_t> near);
  std::optional<Slice> take_lane(std::optional<std::size_t> near);
  void begin(std::size_t arm);

  AgendaPlan plan_;
  std::vector<Row> rows_;
  std::vector<MapRow> maps_;
};

}  // namespace mapquake
