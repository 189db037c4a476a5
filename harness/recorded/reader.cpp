#include "harness/recorded/reader.hpp"

#include "harness/recorded/formats.hpp"

#include <fmt/format.h>

#include <fstream>

namespace mapquake::recorded {
namespace {

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// Of a line that begins so. A batch of spans may be a long line; nothing else may.
std::size_t limit_of(std::string_view begun) {
  constexpr std::size_t beginning = 256;
  return begun.substr(0, beginning).find("resourceSpans") == std::string_view::npos ? line_bytes_max
                                                                                    : document_bytes_max;
}

Error bad_log(const Log& log, const std::string& name) {
  const BadLine& first = log.bad.front();
  std::string hint;
  for (std::size_t i = 1; i < log.bad.size() && i < 5; ++i) {
    hint += fmt::format("{} {}: {}\n", log.unit, log.bad[i].line, log.bad[i].reason);
  }
  if (log.bad_count > 5) hint += fmt::format("… and {} more\n", log.bad_count - 5);
  hint += "`--bad-lines skip` leaves such lines out; what they did is unknown then.";
  return {ExitCode::bad_input, fmt::format("{}:{}: {}", name, first.line, first.reason), hint};
}

/// Adding to a text means nothing.
void check_sums(Log& log, RowBuilder& builder) {
  std::vector<char> texts(log.keys.size());
  for (const Row& row : log.rows) {
    if (writes_value(row.kind) && !Values::is_number(row.value)) texts[row.key] = 1;
  }
  for (const Row& row : log.rows) {
    if (adds_amount(row.kind) && texts[row.key] != 0) {
      builder.bad(row.line, "it adds to a key that is written values which are no integers");
    }
  }
}

}  // namespace

bool Lines::next() {
  text_.clear();
  too_long_ = false;
  if (!stream_.good()) return false;
  // By the piece, so that a line without an end costs no memory.
  std::streambuf& buffer = *stream_.rdbuf();
  int c = buffer.sbumpc();
  if (c == std::char_traits<char>::eof()) {
    stream_.setstate(std::ios::eofbit);
    return false;
  }
  std::size_t limit = line_bytes_max;
  for (; c != std::char_traits<char>::eof() && c != '\n'; c = buffer.sbumpc()) {
    if (text_.size() == line_bytes_max && !too_long_) limit = limit_of(text_);
    if (text_.size() < limit) {
      text_ += static_cast<char>(c);
    } else {
      too_long_ = true;
    }
  }
  if (c != '\n') stream_.setstate(std::ios::eofbit);
  if (!text_.empty() && text_.back() == '\r') text_.pop_back();
  ++number_;
  return true;
}

Result<Log> read_log(std::istream& stream, const std::string& name, BadLines bad_lines) {
  Log log;
  RowBuilder builder(log);
  Lines lines(stream);
  bool any = lines.next();
  while (any && is_blank(lines.text())) any = lines.next();
  if (any) {
    const std::string& first = lines.text();
    const std::size_t at = first.find_first_not_of(" \t\xef\xbb\xbf");
    const bool is_json = at != std::string::npos && (first[at] == '{' || first[at] == '[');
    // A call is an object on one line; a document of spans is anything else that begins like one.
    const bool spans =
        is_json && (first.find("resourceSpans") != std::string::npos || first.find_last_not_of(" \t") == at);
    if (first == "MQREC1") {
      log.unit = "record";
      read_record_file(stream, log, builder);
    } else if (spans) {
      log.unit = "span";
      read_otlp(lines, builder);
    } else if (is_json) {
      read_json_lines(lines, builder);
    } else {
      read_csv(lines, builder);
    }
  }
  if (log.unit != "record") log.lines = lines.number();
  if (stream.bad()) return Error{ExitCode::input_output, "cannot read " + name, ""};
  check_sums(log, builder);
  if (log.bad_count > 0 && bad_lines == BadLines::refuse) return bad_log(log, name);
  if (log.rows.empty()) {
    Error error{ExitCode::bad_input, name + ": there is no call in it",
                "`mapquake help recorded` shows what a log looks like."};
    if (log.bad_count > 0) error = bad_log(log, name);
    return error;
  }
  return log;
}

Result<Log> load_log(const std::filesystem::path& path, BadLines bad_lines) {
  std::ifstream stream;
  std::vector<char> buffer(std::size_t{1} << 18);
  stream.rdbuf()->pubsetbuf(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  stream.open(path, std::ios::binary);
  if (!stream) {
    return Error{ExitCode::input_output, "cannot open " + path.string(), "Does it exist, and may you read it?"};
  }
  return read_log(stream, path.filename().string(), bad_lines);
}

}  // namespace mapquake::recorded
