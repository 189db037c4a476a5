// A log taken apart by key: for each the calls that say anything of it, as the oracles want them.
#pragma once

#include "harness/oracle/key_histories.hpp"
#include "harness/recorded/log.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::recorded {

/// Which rows are about which key. Cost: two passes over the rows; 4 bytes a row.
class KeyRows {
 public:
  explicit KeyRows(const Log& log);
  /// Rows on the key alone, in the order of the file.
  std::span<const std::uint32_t> of(std::uint32_t key) const {
    return std::span(order_).subspan(begins_[key], begins_[key + 1] - begins_[key]);
  }
  /// clear(): about every key.
  std::span<const std::uint32_t> clears() const { return clears_; }
  /// Sizes and traversals: about no single key.
  std::span<const std::uint32_t> whole_map() const { return whole_map_; }

 private:
  std::vector<std::uint32_t> begins_, order_, clears_, whole_map_;
};

/// Rows as a history: stamps become ranks. Equal stamps order nothing: a call that starts at the instant at which
/// another ends overlaps it, since a clock that gives both the same stamp cannot tell which was first.
class RankedHistory {
 public:
  /// Keys in the history are the numbers in log.keys.
  void build(const Log& log, std::span<const std::uint32_t> rows);
  const History& history() const { return history_; }
  std::uint32_t row_of(std::uint32_t call) const { return rows_[call]; }

 private:
  struct Event {
    std::int64_t time;
    bool is_end;
    std::uint32_t row;
    friend auto operator<=>(const Event&, const Event&) = default;
  };
  void add_call(const Log& log, std::uint32_t row);

  History history_;
  std::vector<std::uint32_t> rows_;  ///< by call
  std::vector<Event> events_;
  std::vector<std::uint32_t> call_of_row_;  ///< scratch: by row
};

/// The operations on one key, under the claims (key_histories.hpp), by invocation. Keeps its memory from key to key.
class KeyTimeline {
 public:
  void build(const Log& log, const KeyRows& rows, std::uint32_t key, const Claims& claims);
  std::span<const KeyOp> ops() const { return ops_; }
  std::uint32_t row_of(const KeyOp& op) const { return ranked_.row_of(op.call); }

 private:
  RankedHistory ranked_;
  KeyHistories keys_;
  std::vector<std::uint32_t> rows_;
  std::vector<KeyOp> ops_;
};

}  // namespace mapquake::recorded
