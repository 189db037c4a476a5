// Which calls moved the map into another table, as the blocks that they asked for tell, and what met them: other
// threads' calls and faults. What nothing has met there is not tested, however many executions there were.
#pragma once

#include "harness/history/history.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mapquake {

enum class MapPhase : std::uint8_t {
  growth,     ///< a call that may add entries asks for a table
  shrinking,  ///< a call that only takes entries away, or gives room back, asks for one
};
inline constexpr unsigned map_phase_count = 2;

/// "growth", as in JSON.
std::string_view name_of(MapPhase phase);
/// The phase that a call of this kind is in where it asks for a table. None: it changes no table, or may ask for the
/// one of another map (copy, move, swap, merge).
std::optional<MapPhase> phase_with_table(OpKind kind);

/// What a map's tables are known by. Bytes; nothing is known where `least` is 0.
struct TableBlocks {
  std::uint64_t least = 0;  ///< of the smallest table that the map was seen to grow into
  /// What the first call ever asked for at most: each thread's first call may do so, for records of the thread.
  std::uint64_t first = 0;

  bool known() const { return least != 0; }
  bool hold(std::uint64_t bytes) const { return known() && bytes >= least && bytes != first; }
  friend bool operator==(const TableBlocks&, const TableBlocks&) = default;
};

/// Plain data without pointers, so that it can lie in memory that processes share.
struct PhaseRecord {
  struct Met {
    std::uint64_t executions = 0;  ///< in which at least one call was in the phase
    std::uint64_t calls = 0;
    std::uint64_t faults = 0;  ///< of those calls: into which a fault was injected
    /// Pairs of such a call and one of this kind, on another thread, that overlapped in time.
    std::array<std::uint64_t, op_kind_count> beside{};
    friend bool operator==(const Met&, const Met&) = default;
  };

  std::uint64_t executions = 0;  ///< looked at; 0: nothing is known of the map's tables
  OpMask called = 0;             ///< operations that a program's thread began in any of them
  std::array<Met, map_phase_count> phases{};

  const Met& of(MapPhase phase) const { return phases[static_cast<std::size_t>(phase)]; }
  /// Calls of the program's threads alone. Requires: tables.known(). Cost: O(calls), and as much again for each call
  /// that is in a phase.
  void add(const History& history, const TableBlocks& tables);
  void merge(const PhaseRecord& other);
  friend bool operator==(const PhaseRecord&, const PhaseRecord&) = default;
};

}  // namespace mapquake
