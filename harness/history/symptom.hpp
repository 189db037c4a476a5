// What tells apart failures of one outcome: "lost key", "lock cycle", "write/read". A symptom's name, with its operand,
// is the failure's label. Labels are identity, as the names of outcomes are: they stand in replay files, incidents and
// signatures, and whoever looks for the same failure again compares them. So there is one table of them (symptom.cpp),
// a test holds every name, and what people should read instead goes into `why` or a report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mapquake {

enum class Symptom : std::uint8_t {
  // of histories
  lost_key,
  duplicate_insert,
  double_erase,
  resurrected_key,
  phantom_key,
  unwritten_value,
  stale_value,
  lost_update,
  not_linearizable,
  wrong_size,
  not_a_snapshot,
  wrong_neighbour,
  expired_early,
  expired_late,
  not_atomic,
  key_out_of_order,
  key_visited_twice,
  phantom_key_visited,
  stale_value_visited,
  missed_key,
  size_against_iteration,
  size_against_look_ups,
  iteration_against_look_ups,
  copy_size_against_entries,
  left_size_against_entries,  ///< of the other map of a swap, a merge or an assignment
  copy_look_up_against_entries,
  over_capacity,
  torn_value,
  refused_claimed,
  bad_alloc_without_failure,
  // of exceptions
  unexpected_exception,
  threw,  ///< operand: the hook or the construction
  lock_left_held,
  lost_wake_up_after_throw,
  effect_after_throw,
  untouched_key_harmed,
  leak_after_throw,
  after_throw,  ///< operand: another label
  // of threads that wait
  self_deadlock,
  lock_cycle,
  behind_waiting_writer,
  lock_never_released,
  waits_with_lock,
  lost_wake_up,
  never_woken,
  held_up_by_stalled,
  no_progress,
  endless_loop,
  no_scheduling_point,
  blocked_in_kernel,
  // of locks, each with the kind of lock as operand
  unlocks_free,
  unlocks_of_other,
  destroys_held,
  destroys_waited,
  uses_destroyed,
  locks_overwritten,
  waits_without_lock,
  waits_with_two_mutexes,
  frees_held,
  frees_waited,
  // of memory
  race,  ///< operand: both accesses, "write/read"
  read,
  write,
  read_after_return,
  write_after_return,
  double_free,
  invalid_free,
  header_overwritten,
  mismatched,  ///< operand: what allocated and what freed, "new/free"
  never_freed,
  unwritten_decides,
  memory_limit,
  // of ends
  signal,  ///< operand: "SIGSEGV"
  killed,  ///< operand: the signal in the C library's words; nothing but the worker's status is known
  stack_overflow,
  terminate,
  failed_assert,
  abort,
  exit,
  own,  ///< operand: the map's or program's own words, or the type of what it threw
  // of limits
  choices,
  steps,
  steps_of_construction,
  budget,  ///< operand: what is bounded, "find.p99_steps"
  // of nondeterminism: nothing that is said of a map
  unsupported,
  internal_error,
  worker_lost,
  cut_off,
  parted,  ///< two executions of one case went different ways
  saw,     ///< operand: the outcome that was seen once
};
inline constexpr unsigned symptom_count = static_cast<unsigned>(Symptom::saw) + 1;

/// The one whose name this is. Nothing for labels with an operand, and for words that are not mapquake's.
std::optional<Symptom> symptom_named(std::string_view label);

/// Whether a failure with this label may take the place of one with label `wanted` and the same outcome, as a smaller
/// case of it; "" is any. What a call that threw has left behind is one thing, whether or not calls name the key.
bool stands_for(std::string_view label, std::string_view wanted);

/// Requires a symptom without an operand. Static lifetime.
std::string_view name_of(Symptom symptom);
/// Whether label_of() takes an operand.
bool has_operand(Symptom symptom);
/// The label: the name, with the operand where it belongs.
std::string label_of(Symptom symptom, std::string_view operand = {});

}  // namespace mapquake
