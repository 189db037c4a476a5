// Running something once, for both interfaces of it (POSIX and C11).
#pragma once

#include <cstdint>

namespace mapquake::runtime {

/// Called by map code, outside of any HarnessScope: the routine runs, and may throw, as map code.
void run_once(int& control, void (*routine)(), std::uint64_t pc);

}  // namespace mapquake::runtime
