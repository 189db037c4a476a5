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

/// Where the debug information of a shared library says that the code of these lines lies, with what was inlined there:
/// sorted, none overlaps another. Empty where it has none, or no such code. Cost: all of it is read.
std::vector<CodeRange> code_of_lines(const std::filesystem::path& library, const std::set<SourceLine>& lines);

}  // namespace mapquake
