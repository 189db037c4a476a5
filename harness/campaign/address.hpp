// Between raw choices (thread, operation, number of the event) and their portable addresses (thread, operation, kind of
// event, line of the source, which of them): the first replay exactly, the second survive another build.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/store/replay_file.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mapquake {

/// The addresses of all choices that `traced` made, in the order in which they were made. A choice whose event the
/// trace does not hold (it was truncated) gets the address "begin ?" and keeps its number as the hint.
std::vector<StoredChoice> stored_choices(const Execution& traced, const SiteFunction& site);

/// The choices of `file` at the numbers that it gives as hints, sorted: exact where the build is the file's.
std::vector<Choice> by_numbers(const ReplayFile& file);

/// How far a file could be followed.
struct Resolution {
  std::vector<Choice> choices;     ///< sorted
  bool exact = true;               ///< every choice was found where the file says
  std::vector<std::string> notes;  ///< where not, one sentence each
};

/// The Error of a file that cannot be followed: `what` says where.
Error diverged(std::string what);

/// Finds the choices of `file` in the build behind `executor`: by their hints where the events there are what the file
/// says, else one by one, each by its address in an execution of those before it. Where an address does not exist:
/// an Error (bad_input) that says which choice diverged and what was there; with `nearest`, the closest event instead.
/// Cost: one execution where the hints hold, else about one per choice.
Result<Resolution> resolve_choices(const ReplayFile& file, Executor& executor, const SiteFunction& site, bool nearest);

}  // namespace mapquake
