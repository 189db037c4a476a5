// What a worker lends to the adapter that it runs: choices, virtual time, points (abi::Host).
#pragma once

#include "harness/history/end_reason.hpp"

#include <mapquake/abi.hpp>

namespace mapquake {

/// Its functions may be called by map code, during an execution only.
abi::Host lent_host(abi::HashMode hash_mode);

/// Ends the execution with "invariant broken" and this text; its label is the text without numbers.
[[noreturn]] void end_as_broken(const reason::OwnCheck& check);

}  // namespace mapquake
