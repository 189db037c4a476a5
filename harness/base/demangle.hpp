// Names of types and functions as people write them.
#pragma once

#include <string>

namespace mapquake {

/// "std::out_of_range" for "St12out_of_range"; the name itself where it is none that the compiler makes.
std::string demangled(const char* name);

}  // namespace mapquake
