// Which revision brought a failure: the search, without git and without maps.
#pragma once

#include "harness/base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mapquake::nightly {

enum class Tested : std::uint8_t {
  passes,
  fails,
  left_out,  ///< it does not build, or cannot be run: it says nothing
};

/// Revisions that `fails` is or descends from and no one of `passing` is or descends from; `fails` among them. The
/// order is that in which they are best tested.
using Candidates =
    std::function<Result<std::vector<std::string>>(const std::string& fails, const std::vector<std::string>& passing)>;
using TestRevision = std::function<Result<Tested>(const std::string& revision)>;

struct Bisection {
  /// The revision that fails and whose parents pass; behind it those before it that had to be left out, where it may be
  /// one of them instead.
  std::vector<std::string> suspects;
  unsigned tested = 0;    ///< revisions, left out ones included
  unsigned left_out = 0;  ///< of these
};

/// Requires: `passes` passes and `fails` fails, which is taken for granted. Errors: those of the functions.
/// Cost: about log2 of the candidates, and one more for each that is left out.
Result<Bisection> bisect(const std::string& passes, const std::string& fails, const Candidates& candidates,
                         const TestRevision& test);

}  // namespace mapquake::nightly
