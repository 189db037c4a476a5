// From a contradiction to a schedule in which the map gives the very answers that were recorded: not some failure of
// the kind, but the one of the log.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/recorded/cut_out.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace mapquake::recorded {

struct Reenactment {
  CutOut cut;  ///< what was run: as few calls as was enough
  Case failing;
  Execution execution;              ///< of it, without trace
  std::size_t equal = 0, told = 0;  ///< answers of all calls of the program: as recorded, of those that the log tells
};

struct ReenactOptions {
  double seconds = 20;
  std::uint64_t seed = 1;
  std::uint32_t faults = 0;  ///< bit per ChoiceKind that may be injected in every second pair of random searches
  std::function<bool()> stop = [] { return false; };
};

struct ReenactResult {
  std::optional<Reenactment> found = {};
  std::uint64_t executions = 0;
  std::uint64_t other_failures = 0;  ///< schedules that contradict the claims with other answers
};

/// Searches, by turns, the contradicting calls alone, those with the ones beside them on the key, and all that cut_out
/// takes: every schedule with one and then two preemptions, then random ones, with faults in every second pair of
/// turns. Found is a schedule in which every contradicting call answers what the log says, the final state aside.
/// Requires: the contradiction is on a key, and the executor's map has the operations of its calls.
ReenactResult reenact(Executor& executor, const Log& log, const Contradiction& found, const ReenactOptions& options);

/// Did the call answer what the row says? True where it does not say. `answer` is the row's, as the program calls it.
bool answers_alike(const Call& call, const Row& row, std::int64_t answer);

}  // namespace mapquake::recorded
