#include "harness/parent/closing_brace.hpp"

#include <fstream>
#include <string>

namespace mapquake {
namespace {

constexpr std::size_t rows_looked_at_max = 512;

bool is_destructor(std::string_view function) {
  return function.find('~') != std::string_view::npos;
}

bool is_closing_brace(const CallLine& call) {
  if (call.column == 0) return false;
  std::ifstream source(call.path);
  std::string text;
  for (unsigned line = 0; line < call.line; ++line) {
    if (!std::getline(source, text)) return false;
  }
  return call.column <= text.size() && text[call.column - 1] == '}';
}

/// Of the table's rows, which are sorted by address, the last one at or before `address`.
std::size_t row_at(Dwarf_Lines* rows, std::size_t count, Dwarf_Addr address) {
  std::size_t first = 0;
  while (count > 0) {
    const std::size_t half = count / 2;
    Dwarf_Addr at = 0;
    dwarf_lineaddr(dwarf_onesrcline(rows, first + half), &at);
    if (at <= address) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first == 0 ? 0 : first - 1;
}

}  // namespace

unsigned line_of_call(Dwarf_Die* unit, Dwarf_Addr address, const CallLine& call, std::string_view callee,
                      unsigned first_line) {
  if (is_destructor(callee) || call.line <= first_line || !is_closing_brace(call)) return call.line;
  Dwarf_Lines* rows = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrclines(unit, &rows, &count) != 0) return call.line;
  std::size_t row = row_at(rows, count, address);
  for (std::size_t n = 0; n < rows_looked_at_max; ++n, --row) {
    Dwarf_Line* const entry = dwarf_onesrcline(rows, row);
    const char* const path = dwarf_linesrc(entry, nullptr, nullptr);
    bool ends_sequence = false;
    int line = 0;
    dwarf_lineendsequence(entry, &ends_sequence);
    dwarf_lineno(entry, &line);
    const auto found = static_cast<unsigned>(line);
    if (ends_sequence) break;
    if (path != nullptr && std::string_view(path) == call.path && found >= first_line && found < call.line)
      return found;
    if (row == 0) break;
  }
  return call.line;
}

}  // namespace mapquake
