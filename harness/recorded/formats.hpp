// The formats of logs, each in a file of its own. What cannot be read goes to the builder's bad lines.
#pragma once

#include "harness/recorded/row_builder.hpp"

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

namespace mapquake::recorded {

/// One line at a time. An over-long one is read to its end, and `too_long` says so.
class Lines {
 public:
  explicit Lines(std::istream& stream) : stream_(stream) {}
  /// False at the end. Without the line's end.
  bool next();
  const std::string& text() const { return text_; }
  std::uint64_t number() const { return number_; }
  bool too_long() const { return too_long_; }

 private:
  std::istream& stream_;
  std::string text_;
  std::uint64_t number_ = 0;
  bool too_long_ = false;
};

/// `lines` stands on the first line that is not empty.
void read_json_lines(Lines& lines, RowBuilder& builder);
void read_csv(Lines& lines, RowBuilder& builder);
/// All of it; calls are numbered by their place among the spans.
void read_otlp(Lines& lines, RowBuilder& builder);

/// Behind the first seven bytes of its magic, which end a line.
void read_record_file(std::istream& stream, Log& log, RowBuilder& builder);

/// Why it cannot be read; empty: `raw` holds it. Fields that appear twice are refused.
std::string parse_json_line(std::string_view text, RawRow& raw);

}  // namespace mapquake::recorded
