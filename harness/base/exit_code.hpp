// The process exit codes, one per class of result (DESIGN section 6; 64–74 follow sysexits.h).
#pragma once

#include <csignal>

namespace mapquake {

enum class ExitCode : int {
  clean = 0,
  failure_found = 1,
  unknown_only = 2,  ///< only unknown or nondeterministic results
  blind = 3,         ///< nothing failed, but canaries say that failures would not be found (nightly/canaries.hpp)
  usage = 64,
  bad_input = 65,
  harness_bug = 70,
  input_output = 74,
  interrupted = 130,
  terminated = 143,
};

/// Of a campaign that this signal has ended.
constexpr ExitCode exit_code_of_signal(int number) {
  return number == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace mapquake
