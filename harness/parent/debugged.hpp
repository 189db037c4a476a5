// One case in a worker that a debugger is attached to. No time-out: who looks at a process may take all day.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"

#include <functional>
#include <string>
#include <vector>

namespace mapquake {

/// $MAPQUAKE_DEBUG names a file that the debugger can read: in its first line the number of the worker process that
/// waits for it, another one each time that a worker has ended; behind that `told`.
struct DebugRequest {
  Case input;
  Outcome outcome = Outcome::clean;   ///< with which it ends
  std::vector<std::string> debugger;  ///< its command line; the program is looked up in $PATH
  std::string told;
  std::function<bool()> stop;  ///< the debugger is to end; asked every 50 ms
};

/// Runs the debugger with this process's terminal until it ends, and answers its exit code, as a shell does. Then, and
/// when this process ends however, there is neither worker nor debugger any more. SIGINT and SIGQUIT are the debugger's
/// meanwhile. Errors: those of make_executor(); the debugger cannot be started.
Result<int> debug(const MapInfo& map, const DebugRequest& request);

/// Where a shell would find the program; empty: nowhere.
std::string found_in_path(const std::string& program);

}  // namespace mapquake
