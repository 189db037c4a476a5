// Which memory a race, a use after free or a double free is about.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// "Memory: offset 16 of a block of 48 bytes, allocated at my_map.hpp:31 by B's insert(1, 10)", who freed it, or the
/// name of a global object. Empty where the finding is about none.
std::string touched_memory_text(const Execution& execution, const SiteFunction& site, std::size_t width);

}  // namespace mapquake::reports
