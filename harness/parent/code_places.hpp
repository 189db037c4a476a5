// From places in source files to code: what symbolizer.hpp does, the other way round.
#pragma once

#include "harness/base/code_range.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mapquake {

/// "my_map.hpp" and 88: files by name, as places in reports and replay files are.
using SourceLine = std::pair<std::string, unsigned>;

/// Where the line tables of a shared library say that the code of these lines lies: sorted, none overlaps another.
/// Empty where it has no debug information, or no such code. Cost: the line tables are read whole.
std::vector<CodeRange> code_of_lines(const std::filesystem::path& library, const std::set<SourceLine>& lines);

}  // namespace mapquake
