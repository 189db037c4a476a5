// How an execution can end. One enum, one sentence each (outcome.cpp), one exit code table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mapquake {

enum class Outcome : std::uint8_t {
  clean,
  not_linearizable,
  iteration_broken,
  invariant_broken,
  data_race,
  use_after_free,
  out_of_bounds,
  double_free,
  mismatched_free,
  uninitialised_read,
  leak,
  deadlock,
  livelock,
  lock_misuse,
  exception_guarantee_broken,
  unexpected_exception,
  crash,
  abort,
  exit,
  stack_overflow,
  hang,
  out_of_memory,
  budget_exceeded,
  nondeterministic,
};
inline constexpr unsigned outcome_count = 24;

/// "not linearizable", "use after free", …: the name in reports, files and on the command line.
std::string_view name_of(Outcome outcome);
/// One sentence that explains the outcome to a map author.
std::string_view sentence_for(Outcome outcome);
std::optional<Outcome> outcome_from_name(std::string_view name);
/// Threads go round in loops for ever.
bool is_endless_loop(Outcome outcome);
/// What operations answered, or the map's own check, contradicts the claims.
bool is_of_answers(Outcome outcome);
/// Everything but clean and nondeterministic.
bool is_failure(Outcome outcome);

}  // namespace mapquake
