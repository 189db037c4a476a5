// How a search goes about it, apart from what it searches and for how long: the options of the command line that a
// worker heeds. Trivially copyable, so that it crosses the process boundary as it is (wire/messages.hpp): a new option
// is a field here, a line of the parser, whoever heeds it, and a test.
#pragma once

#include "harness/base/bounded.hpp"
#include "harness/history/budget.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <type_traits>

namespace mapquake {

/// What becomes of a data race that an exploration comes upon.
enum class Races : std::uint8_t {
  report,  ///< a race that is known is counted, and its execution goes on; a new one ends it
  stop,    ///< every race ends its execution
  ignore,  ///< none does, and none is reported
};

/// Names of points that a map declares, one per line.
inline constexpr std::size_t declared_only_bytes_max = 511;

struct Plan {
  BoundedText<15> strategy = "mixed";  ///< "random", "pct", …, or "mixed": all, with all their knobs, in turn
  ScenarioOptions scenario = {};
  std::uint32_t schedules_max = 64;       ///< of one program (schedules_of); > 0
  std::uint32_t fault_mask = 0;           ///< bit per ChoiceKind that may be other than 0, besides schedule and adapter
  std::uint32_t faults_max = UINT32_MAX;  ///< of one execution; swept failures come one at a time
  /// Live bytes beyond which operations' allocations fail (--memory-pressure).
  std::uint64_t pressure_bytes = UINT64_MAX;
  std::uint64_t memory_limit = 0;  ///< of every program, in bytes (--memory-limit); 0: its own
  std::uint64_t steps_max = 0;     ///< of every program (--steps); 0: its own, else what the map states
  /// Points that may fire, one per line; empty: all (--faults declared:NAME).
  BoundedText<declared_only_bytes_max> declared_only = {};
  bool threads_end = false;  ///< ChoiceKind::crash may be for good (--faults crash)
  Races races = Races::report;
  bool usage = false;  ///< record what operations use (not of scenarios that sweep)
  /// Of every program, beside those that its scenario and the map's claims state.
  BoundedList<Budget, budgets_max> budgets = {};
};
static_assert(std::is_trivially_copyable_v<Plan>);

}  // namespace mapquake
