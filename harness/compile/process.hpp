// A compiler as a process.
#pragma once

#include "harness/base/result.hpp"

#include <span>
#include <string>

namespace mapquake::compile {

struct Finished {
  int exit_code = 0;   ///< 128 + the signal that ended it
  std::string output;  ///< what it wrote to its standard output, where that was asked for
};

enum class Output : bool { to_error, collected };

/// Runs words[0], which is looked for in $PATH, and waits for it. Its errors go where ours go, unchanged; so does what
/// it writes to its standard output, unless that is collected. Standard input is empty. Errors: bad_input where it
/// cannot be started.
Result<Finished> run_process(std::span<const std::string> words, Output output);

}  // namespace mapquake::compile
