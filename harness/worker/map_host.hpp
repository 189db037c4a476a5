// What a worker lends to the adapter that it runs: choices, virtual time, points (abi::Host).
#pragma once

#include <mapquake/abi.hpp>

namespace mapquake {

/// Its functions may be called by map code, during an execution only.
abi::Host lent_host(abi::HashMode hash_mode);

/// Ends the execution with "invariant broken" and this text; its label is the text without numbers.
[[noreturn]] void end_as_broken(const char* message, const char* source = "");

}  // namespace mapquake
