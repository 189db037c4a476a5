// g++ gives the copies that an aggregate's initialisation makes, and all that is inlined there, the line of the
// function's closing brace. What stands there by right are destructors.
#pragma once

#include <elfutils/libdw.h>

#include <string_view>

namespace mapquake {

/// Where a call that was inlined is said to stand.
struct CallLine {
  const char* path = nullptr;
  unsigned line = 0;
  unsigned column = 0;
};

/// The line of a call of `callee` at `address`, inlined into a function that begins at `first_line`: `call.line`,
/// unless that is a closing brace, and `callee` no destructor: then the line of the code before it, of the same
/// function. `call.line` again where the source cannot be read. Cost there: a line of the source, at most once for each
/// call.
unsigned line_of_call(Dwarf_Die* unit, Dwarf_Addr address, const CallLine& call, std::string_view callee,
                      unsigned first_line);

}  // namespace mapquake
