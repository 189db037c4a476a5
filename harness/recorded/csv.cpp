#include "harness/recorded/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace mapquake::recorded {
namespace {

using Kind = Field::Kind;

/// Takes the next cell off `left`. False: a quote is not closed, or something follows it.
bool take_cell(std::string_view& left, std::string& cell, bool& was_quoted, bool& more) {
  cell.clear();
  was_quoted = !left.empty() && left.front() == '"';
  if (!was_quoted) {
    const std::size_t comma = left.find(',');
    cell.assign(left.substr(0, comma));
    more = comma != std::string_view::npos;
    left.remove_prefix(more ? comma + 1 : left.size());
    return cell.find('"') == std::string::npos;
  }
  left.remove_prefix(1);
  for (;;) {
    const std::size_t quote = left.find('"');
    if (quote == std::string_view::npos) return false;
    cell += left.substr(0, quote);
    left.remove_prefix(quote + 1);
    if (!left.starts_with('"')) break;
    cell += '"';
    left.remove_prefix(1);
  }
  more = left.starts_with(',');
  if (!more && !left.empty()) return false;
  if (more) left.remove_prefix(1);
  return true;
}

/// Words without quotes stand for what JSON has of its own.
Kind kind_of(const std::string& cell, bool was_quoted) {
  if (was_quoted) return Kind::text;
  if (cell.empty()) return Kind::missing;
  if (cell == "null" || cell == "nil" || cell == "absent" || cell == "none") return Kind::null;
  if (cell == "true" || cell == "false") return Kind::boolean;
  return Kind::text;
}

constexpr std::size_t columns_max = 256;

}  // namespace

void read_csv(Lines& lines, RowBuilder& builder) {
  std::vector<std::optional<FieldName>> columns;
  std::string cell;
  bool was_quoted = false;
  bool more = true;
  std::string_view left = lines.text();
  if (left.starts_with("\xef\xbb\xbf")) left.remove_prefix(3);
  while (more && columns.size() < columns_max) {
    if (!take_cell(left, cell, was_quoted, more)) return builder.bad(lines.number(), "a quote that is not closed");
    columns.push_back(field_named(cell));
    const auto same = std::ranges::count(columns, columns.back());
    if (columns.back() && same > 1) {
      return builder.bad(lines.number(), fmt::format("two columns for \"{}\"", name_of(*columns.back())));
    }
  }
  for (const FieldName needed : {FieldName::start, FieldName::operation}) {
    if (std::ranges::find(columns, std::optional(needed)) == columns.end()) {
      return builder.bad(
          lines.number(),
          fmt::format("neither a JSON object nor column names: there is no column \"{}\"", name_of(needed)));
    }
  }
  RawRow raw;
  while (lines.next()) {
    if (lines.text().empty()) continue;
    raw.clear();
    left = lines.text();
    std::size_t column = 0;
    bool well_formed = !lines.too_long();
    for (more = true; more && well_formed; ++column) {
      well_formed = take_cell(left, cell, was_quoted, more) && column < columns.size();
      if (!well_formed || !columns[column]) continue;
      raw[*columns[column]].set(kind_of(cell, was_quoted), cell);
    }
    if (lines.too_long()) {
      builder.bad(lines.number(), "the line is longer than 1 MiB");
    } else if (!well_formed && column > columns.size()) {
      builder.bad(lines.number(), fmt::format("more than {} fields", columns.size()));
    } else if (!well_formed) {
      builder.bad(lines.number(), "a quote that is not closed, or in the middle of a field");
    } else if (column < columns.size()) {
      builder.bad(lines.number(), fmt::format("{} fields instead of {}", column, columns.size()));
    } else {
      builder.add(lines.number(), raw);
    }
  }
}

}  // namespace mapquake::recorded
