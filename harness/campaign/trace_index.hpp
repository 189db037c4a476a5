// Finds the event of a trace at which a choice was made, and names it.
#pragma once

#include "harness/campaign/address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mapquake {

/// Keeps references to its arguments. Cost: building O(n log n) in the events and twelve bytes for each (a trace has up
/// to 130,000), look-ups O(log n), find_nearest O(n).
class TraceIndex {
 public:
  TraceIndex(const Trace& trace, const SiteFunction& site);

  /// Position in the trace of the event with this number; empty if it is not there.
  std::optional<std::size_t> find(ThreadId thread, OpIndex op, std::uint32_t event) const;
  /// Fills in event, place and nth of the event at `position`.
  void describe(std::size_t position, StoredChoice& stored) const;
  /// The event that the portable part of an address names; empty if it is not there.
  std::optional<std::size_t> find_place(const StoredChoice& stored) const;
  /// The event of the same thread and operation that comes closest: of the same kind at the hint's number (lines have
  /// moved, or files have other names), in the adapter API's code the nth of the kind, else of the same kind and file
  /// at the nearest line, else of the same kind, else at the nearest number. Empty if the thread does not perform the
  /// operation.
  std::optional<std::size_t> find_nearest(const StoredChoice& stored) const;
  /// How many events with the thread, operation, kind and place of the address there are.
  std::size_t count_place(const StoredChoice& stored) const;

  std::string_view event_name(const TraceEvent& event) const;
  std::string place(const TraceEvent& event) const;
  const TraceEvent& operator[](std::size_t position) const { return trace_.events[position]; }

 private:
  using Position = std::uint32_t;
  using Address = std::tuple<ThreadId, std::uint16_t, std::string_view, std::string_view>;
  Address address_of(Position position) const;
  /// Positions of the events that the portable part of an address fits, ascending.
  std::span<const Position> at_place(const StoredChoice& stored) const;

  const Trace& trace_;
  const SiteFunction& site_;
  std::vector<std::string> places_;       ///< each once
  std::vector<std::uint32_t> place_ids_;  ///< of each event, into places_
  std::vector<Position> by_number_;       ///< sorted by thread, operation, event, how well the record names it
  std::vector<Position> by_place_;        ///< sorted by thread, operation, name, place, position
};

}  // namespace mapquake
