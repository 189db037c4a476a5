#include "harness/parent/code_places.hpp"

#include "harness/parent/debug_info.hpp"

#include <dwarf.h>

#include <algorithm>
#include <memory>

namespace mapquake {
namespace {

struct Ends {
  void operator()(Dwfl* session) const { dwfl_end(session); }
};

/// Where what begins at the i-th place ends: several lines may share the place.
Dwarf_Addr end_of(Dwarf_Lines* lines, std::size_t i, std::size_t count, Dwarf_Addr begin) {
  for (std::size_t next = i + 1; next < count; ++next) {
    Dwarf_Addr end = 0;
    if (dwarf_lineaddr(dwarf_onesrcline(lines, next), &end) == 0 && end > begin) return end;
  }
  return begin;
}

void add_code_of(Dwarf_Die* die, std::vector<CodeRange>& ranges) {
  Dwarf_Addr base = 0, begin = 0, end = 0;
  std::ptrdiff_t at = 0;
  while ((at = dwarf_ranges(die, at, &base, &begin, &end)) > 0) {
    if (end > begin) ranges.push_back({begin, end});
  }
}

/// Calls that the compiler inlined, at any depth: the code is the callee's, and so are its lines.
void add_inlined(Dwarf_Die* scope, Dwarf_Files* files, const std::set<SourceLine>& wanted,
                 std::vector<CodeRange>& ranges) {
  Dwarf_Die child;
  for (int more = dwarf_child(scope, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
    if (dwarf_tag(&child) == DW_TAG_inlined_subroutine) {
      const char* const caller = dwarf_filesrc(files, number_of(&child, DW_AT_call_file), nullptr, nullptr);
      const unsigned line = number_of(&child, DW_AT_call_line);
      if (caller != nullptr && wanted.contains({base_name(caller), line})) add_code_of(&child, ranges);
    }
    add_inlined(&child, files, wanted, ranges);
  }
}

void add_lines(Dwarf_Die* unit, const std::set<SourceLine>& wanted, std::vector<CodeRange>& ranges) {
  Dwarf_Lines* lines = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrclines(unit, &lines, &count) != 0) return;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    Dwarf_Line* const line = dwarf_onesrcline(lines, i);
    int number = 0;
    bool ends_sequence = false;
    Dwarf_Addr begin = 0;
    const char* const path = dwarf_linesrc(line, nullptr, nullptr);
    if (path == nullptr || dwarf_lineno(line, &number) != 0 || number <= 0) continue;
    if (dwarf_lineendsequence(line, &ends_sequence) != 0 || ends_sequence) continue;
    if (!wanted.contains({base_name(path), static_cast<unsigned>(number)})) continue;
    if (dwarf_lineaddr(line, &begin) != 0) continue;
    if (const Dwarf_Addr end = end_of(lines, i, count, begin); end > begin) ranges.push_back({begin, end});
  }
}

std::vector<CodeRange> merged(std::vector<CodeRange> ranges) {
  std::ranges::sort(ranges, {}, &CodeRange::begin);
  std::vector<CodeRange> all;
  for (const CodeRange& range : ranges) {
    if (!all.empty() && range.begin <= all.back().end) {
      all.back().end = std::max(all.back().end, range.end);
    } else {
      all.push_back(range);
    }
  }
  return all;
}

}  // namespace

std::vector<CodeRange> code_of_lines(const std::filesystem::path& library, const std::set<SourceLine>& lines) {
  if (lines.empty()) return {};
  const std::unique_ptr<Dwfl, Ends> session(dwfl_begin(&debug_info_callbacks));
  dwfl_report_begin(session.get());
  Dwfl_Module* const module = dwfl_report_elf(session.get(), library.c_str(), library.c_str(), -1, 0, true);
  dwfl_report_end(session.get(), nullptr, nullptr);
  std::vector<CodeRange> ranges;
  if (module == nullptr) return ranges;
  Dwarf_Addr bias = 0;
  Dwarf_Die* unit = nullptr;
  while ((unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr) {
    add_lines(unit, lines, ranges);
    Dwarf_Files* files = nullptr;
    std::size_t file_count = 0;
    if (dwarf_getsrcfiles(unit, &files, &file_count) == 0) add_inlined(unit, files, lines, ranges);
  }
  return merged(std::move(ranges));
}

}  // namespace mapquake
