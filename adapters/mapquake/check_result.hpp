// What explore() and check() are asked, and what they answer.
#pragma once

#include <cstdint>
#include <string>

namespace mapquake {

/// What is tried. The same options try the same schedules.
struct CheckOptions {
  std::uint64_t executions = 10'000;
  std::uint64_t seed = 1;
  const char* strategy = "mixed";  ///< as --strategy
  const char* faults = "";         ///< as --faults: "alloc,delay"; empty: none
};

struct CheckResult {
  int exit_code = 0;    ///< mapquake's: 0 clean, 1 a failure, others as `mapquake help exit-codes` says
  std::string outcome;  ///< "deadlock", …; empty unless exit_code is 1
  std::string replay;   ///< the replay file's path; empty unless exit_code is 1
  std::string text;     ///< the report, or what went wrong

  bool clean() const { return exit_code == 0; }
};

}  // namespace mapquake
