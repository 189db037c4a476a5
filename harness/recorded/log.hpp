// A recorded log as typed rows. Threads, keys and values that are no integers are numbers here: equal texts, equal
// numbers. Names come back only where something is told.
#pragma once

#include "harness/history/history.hpp"

#include <mapquake/claims.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mapquake::recorded {

/// Texts with dense numbers in order of first mention. Cost: a hash look-up for each.
class Names {
 public:
  Names() = default;
  Names(Names&&) noexcept = default;
  Names& operator=(Names&&) noexcept = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  std::uint32_t of(std::string_view name);
  std::string_view name(std::uint32_t number) const { return texts_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }

 private:
  std::deque<std::string> texts_;  ///< never moves: the keys of numbers_ point into it
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

/// Values as 64-bit numbers: integers are themselves, other texts get numbers that no integer of a log has. INT64_MIN
/// is never used.
class Values {
 public:
  std::int64_t of(std::string_view text);
  std::string text(std::int64_t value) const;
  /// Can something be added to it?
  static bool is_number(std::int64_t value) { return value >= integers_begin; }

 private:
  static constexpr std::int64_t texts_begin = INT64_MIN + 1;
  static constexpr std::int64_t integers_begin = INT64_MIN + (std::int64_t{1} << 40);
  Names texts_;
};

/// What the log says of an answer.
enum class Told : std::uint8_t {
  unfinished,  ///< there is no end: crash, time-out, an error that leaves it open; it may take effect at any time after
  nothing,     ///< it returned; with what is not recorded
  no,
  yes,
  absent,  ///< there is no value
  value,
  count,   ///< in Row::answer, as an unsigned number: sizes that are counted behind writes wrap around
  visits,  ///< Log::visits
};

struct Row {
  std::int64_t start = 0;  ///< in the log's own unit of time; end >= start
  std::int64_t end = 0;    ///< not of unfinished ones
  std::int64_t value = 0;
  std::int64_t extra = 0;
  std::int64_t answer = 0;
  std::uint32_t line = 0;
  std::uint32_t thread = 0;  ///< in Log::threads
  std::uint32_t key = 0;     ///< in Log::keys, where the operation has one
  std::uint32_t visits_begin = 0;
  std::uint32_t visits_end = 0;
  OpKind kind = OpKind::find;
  Told told = Told::nothing;
};

struct RowVisit {
  std::uint32_t key = 0;
  std::int64_t value = 0;
};

struct BadLine {
  std::uint64_t line = 0;
  std::string reason;
};

inline constexpr std::uint32_t collision_unknown = UINT32_MAX;

struct Log {
  std::vector<Row> rows;  ///< in the order of the file
  std::vector<RowVisit> visits;
  Names keys;
  Names threads;
  Names collisions;                         ///< what the log tells of hashes or shards: equal texts, equal number
  std::vector<std::uint32_t> collision_of;  ///< by key, collision_unknown where the log does not tell; may be shorter
  Values values;
  std::string_view unit = "line";  ///< what Row::line counts: lines, spans, records
  std::uint64_t lines = 0;         ///< of the file
  std::vector<BadLine> bad;        ///< the first ones that could not be read
  std::uint64_t bad_count = 0;
  std::uint64_t dropped = 0;  ///< calls that a recorder had no room for (record files)
  bool starts_empty = false;  ///< the file itself says so (record files)

  /// The number of the key's hash or shard in `collisions`, or collision_unknown.
  std::uint32_t collision(std::uint32_t key) const {
    return key < collision_of.size() ? collision_of[key] : collision_unknown;
  }
  // As they can be shown: on one line, cut where they are long.
  std::string printable_key(std::uint32_t key) const;
  std::string printable_thread(std::uint32_t thread) const;
};

/// "get(user:5)", "insert(5, 50)"
std::string operation_text(const Log& log, const Row& row);
/// "true", "absent", "50", "did not return", "returned"
std::string answer_text(const Log& log, const Row& row);

}  // namespace mapquake::recorded
