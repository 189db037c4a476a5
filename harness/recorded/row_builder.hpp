// From the fields of a line, as its format gives them, to a typed row. All formats meet here, so that they mean the
// same.
#pragma once

#include "harness/recorded/log.hpp"
#include "harness/recorded/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mapquake::recorded {

struct Field {
  enum class Kind : std::uint8_t {
    missing,
    null,     ///< is there, and says that there is nothing
    boolean,  ///< text is "true" or "false"
    number,   ///< as written
    text,
  } kind = Kind::missing;
  std::string text;

  bool given() const { return kind != Kind::missing; }
  void clear() {
    kind = Kind::missing;
    text.clear();
  }
  void set(Kind new_kind, std::string_view new_text) {
    kind = new_kind;
    text.assign(new_text);
  }
};

enum class FieldName : std::uint8_t {
  start,
  end,
  duration,
  thread,
  operation,
  key,
  collides,  ///< the key's hash, shard or bucket
  value,
  extra,
  result,
  status,
};
inline constexpr std::size_t field_count = 11;

/// "start", "thread_id", "op", …: every name that a field may have. Empty: a field of no interest.
std::optional<FieldName> field_named(std::string_view name);
/// The first of its names: "start".
std::string_view name_of(FieldName field);

struct RawRow {
  std::array<Field, field_count> fields;
  /// The result of a traversal, where the format has lists; else it is in the result's text: "5=50 6=60".
  std::optional<std::vector<std::pair<std::string, std::string>>> visits;

  Field& operator[](FieldName name) { return fields[static_cast<std::size_t>(name)]; }
  const Field& operator[](FieldName name) const { return fields[static_cast<std::size_t>(name)]; }
  void clear() {
    for (Field& field : fields) field.clear();
    visits.reset();
  }
};

/// Times of one log are all of one unit, which nobody needs to know: integers, or decimals with up to nine digits
/// behind the point, or RFC 3339 ("2026-01-02T03:04:05.678Z").
class RowBuilder {
 public:
  static constexpr std::size_t bad_kept_max = 20;
  static constexpr std::size_t rows_max = 200'000'000;

  explicit RowBuilder(Log& log) : log_(log) {}
  /// Adds the row to the log, or the reason why not to its bad lines.
  void add(std::uint64_t line, const RawRow& raw);
  void bad(std::uint64_t line, std::string reason);

 private:
  using Trouble = std::optional<std::string>;
  Trouble read(const RawRow& raw, Row& row, bool& keep);
  Trouble read_times(const RawRow& raw, Row& row);
  Trouble read_arguments(const RawRow& raw, const Word& word, Row& row);
  void read_collision(const RawRow& raw, std::uint32_t key);
  Trouble read_result(const RawRow& raw, const Word& word, Row& row);
  Trouble read_flag(const Field& result, const Word& word, Row& row) const;
  Trouble read_visits(const RawRow& raw, Row& row);
  Trouble read_time(const Field& field, std::string_view name, std::int64_t& time);
  Trouble use_decimals();
  const std::optional<Word>& word_of(const std::string& operation);

  Log& log_;
  bool decimals_ = false;  ///< times are in billionths of the log's unit
  std::unordered_map<std::string, std::optional<Word>> words_;
};

}  // namespace mapquake::recorded
