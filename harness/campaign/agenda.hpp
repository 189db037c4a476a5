// Who does what next: cuts cells into slices of work and deals them out in fair round robin.
//
// Bounded by executions, a cell is a fixed row of slices, each with program numbers of its own, so that what is found
// does not depend on how many workers there are. Bounded by time, a cell is one or more lanes, each an endless sequence
// of programs under its own seed; a second lane is opened only for a worker that would otherwise be idle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake {

struct AgendaPlan {
  std::size_t cells = 0;
  std::uint64_t executions = 0;  ///< of each cell over all shards; 0: lanes
  std::uint64_t seed = 0;
  unsigned shard = 1;
  unsigned shards = 1;
};

/// Slice n of a row has the program numbers from n << slice_program_bits on, more of them than it can use up.
inline constexpr unsigned slice_program_bits = 40;

struct Slice {
  std::size_t cell = 0;
  std::uint64_t index = 0;  ///< the slice's place in its row, or the number of its lane
  std::uint64_t seed = 0;
  std::uint64_t first_program = 0;
  std::uint64_t first_execution = 0;  ///< in a row: its place among those of the cell
  std::uint64_t executions_max = UINT64_MAX;
};

/// Not thread-safe; its owner holds a lock. Every call costs O(cells) at most.
class Agenda {
 public:
  explicit Agenda(const AgendaPlan& plan);

  /// The next piece of work, out of the open cell that was served least for its weight; empty if none is left for
  /// another worker.
  std::optional<Slice> take();
  /// The slice ended and used up this many programs.
  void finished(const Slice& slice, std::uint64_t programs);
  /// Nothing that comes after this slice in its cell is wanted any more (in a lane: nothing at all).
  void cut_after(const Slice& slice);
  /// From now on the cell is served `weight` times as often as one of weight 1, which is what all begin with. At
  /// least 1.
  void set_weight(std::size_t cell, unsigned weight);
  /// Nothing of the cell is wanted any more.
  void close(std::size_t cell);
  /// Whether a running slice is still wanted.
  bool wanted(const Slice& slice) const;
  /// Nothing of the cell is running or waiting.
  bool settled(std::size_t cell) const;

 private:
  struct Lane {
    std::uint64_t number = 0;
    std::uint64_t next_program = 0;
    bool busy = false;
  };
  struct Row {
    std::uint64_t next = 0;   ///< bounded by executions: the next slice
    std::uint64_t limit = 0;  ///< bounded by executions: slices from here on are not wanted
    bool open = true;
    unsigned running = 0;
    unsigned weight = 1;
    double served = 0;  ///< slices, each counted as 1 / weight
    std::vector<Lane> lanes;
  };
  bool has_work(const Row& row) const;
  Slice slice_of(std::size_t cell, Row& row);

  AgendaPlan plan_;
  std::uint64_t slice_executions_ = 0;
  std::vector<Row> rows_;
};

}  // namespace mapquake
