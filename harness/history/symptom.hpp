// What tells failures of one outcome apart, as a value: which key contradiction, which pair of accesses, which signal.
// Identity (shrinking, signatures, expectations) rests on it; its words (label_of) are for readers alone.
#pragma once

#include "harness/history/outcome.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mapquake {

/// X(code, words). The code goes into files and signatures and never changes; the words may.
#define MQ_SYMPTOMS(X)                                               \
  X(none, "")                                                        \
  /* not linearizable */                                             \
  X(lost_key, "lost key")                                            \
  X(duplicate_insert, "duplicate insert")                            \
  X(double_erase, "double erase")                                    \
  X(resurrected_key, "resurrected key")                              \
  X(phantom_key, "phantom key")                                      \
  X(unwritten_value, "unwritten value")                              \
  X(stale_value, "stale value")                                      \
  X(lost_update, "lost update")                                      \
  X(wrong_size, "wrong size")                                        \
  X(not_a_snapshot, "not a snapshot")                                \
  X(not_atomic, "not atomic")                                        \
  X(unexplained, "not linearizable")                                 \
  /* iteration broken */                                             \
  X(key_visited_twice, "key visited twice")                          \
  X(phantom_key_visited, "phantom key visited")                      \
  X(stale_value_visited, "stale value visited")                      \
  X(key_out_of_order, "key out of order")                            \
  X(missed_key, "missed key")                                        \
  /* invariant broken */                                             \
  X(torn_value, "torn value")                                        \
  X(refused_claimed_operation, "refused a claimed operation")        \
  X(size_against_iteration, "size disagrees with iteration")         \
  X(size_against_look_ups, "size disagrees with look-ups")           \
  X(iteration_against_look_ups, "iteration disagrees with look-ups") \
  X(over_capacity, "holds more than its capacity")                   \
  X(own_check, "the map's own check")                                \
  /* exception guarantee broken, and what may follow a throw */      \
  X(effect_after_throw, "effect after a throw")                      \
  X(untouched_key_harmed, "untouched key harmed")                    \
  X(lock_left_held, "lock left held")                                \
  X(lost_wake_up_after_throw, "lost wake-up after a throw")          \
  X(leak_after_throw, "leak after a throw")                          \
  /* unexpected exception */                                         \
  X(exception, "unexpected exception")                               \
  X(bad_alloc_without_failure, "bad_alloc without a failure")        \
  X(construction_threw, "construction threw")                        \
  /* data race: the kinds of both accesses */                        \
  X(write_read, "write/read")                                        \
  X(write_write, "write/write")                                      \
  X(write_atomic_read, "write/atomic read")                          \
  X(atomic_write_read, "atomic write/read")                          \
  X(atomic_write_write, "atomic write/write")                        \
  X(free_read, "free/read")                                          \
  X(free_write, "free/write")                                        \
  X(free_atomic_read, "free/atomic read")                            \
  X(free_atomic_write, "free/atomic write")                          \
  X(free_free, "free/free")                                          \
  /* use after free, out of bounds */                                \
  X(read, "read")                                                    \
  X(write, "write")                                                  \
  X(header_overwritten, "block header overwritten")                  \
  X(double_free, "double free")                                      \
  X(invalid_free, "invalid free")                                    \
  /* mismatched free: allocated by / freed by */                     \
  X(malloc_delete, "malloc/delete")                                  \
  X(malloc_delete_array, "malloc/delete[]")                          \
  X(new_free, "new/free")                                            \
  X(new_delete_array, "new/delete[]")                                \
  X(new_array_free, "new[]/free")                                    \
  X(new_array_delete, "new[]/delete")                                \
  X(fresh_memory_decides, "decides")                                 \
  X(never_freed, "block never freed")                                \
  /* deadlock */                                                     \
  X(self_deadlock, "self-deadlock")                                  \
  X(lock_cycle, "lock cycle")                                        \
  X(lock_never_released, "lock never released")                      \
  X(lost_wake_up, "lost wake-up")                                    \
  X(held_up_by_stalled, "held up by a stalled thread")               \
  /* livelock, hang, budgets */                                      \
  X(no_progress, "no progress")                                      \
  X(no_scheduling_point, "no scheduling point")                      \
  X(blocked_in_kernel, "blocked in the kernel")                      \
  X(process_stands_still, "the process stands still")                \
  X(steps, "steps")                                                  \
  X(steps_of_main, "steps of the main thread")                       \
  X(choices, "choices")                                              \
  X(budget, "budget")                                                \
  X(arena_full, "arena full")                                        \
  /* ends */                                                         \
  X(stack_used_up, "stack overflow")                                 \
  X(signal, "signal")                                                \
  X(killed, "killed")                                                \
  X(assertion, "assert")                                             \
  X(abort_called, "abort")                                           \
  X(terminate, "terminate")                                          \
  X(exit_called, "exit")                                             \
  /* nondeterministic */                                             \
  X(saw, "saw")                                                      \
  X(unsupported, "unsupported")                                      \
  X(worker_lost, "worker lost")                                      \
  X(internal_error, "internal error")

#define MQ_SYMPTOM_ENUMERATOR(code, words) code,
enum class Symptom : std::uint8_t { MQ_SYMPTOMS(MQ_SYMPTOM_ENUMERATOR) };
#undef MQ_SYMPTOM_ENUMERATOR

/// "lost_key"
std::string_view code_of(Symptom symptom);
std::optional<Symptom> symptom_from_code(std::string_view code);

/// Two failures of one kind are shrunk, confirmed and counted as the same.
struct FailureKind {
  Outcome outcome = Outcome::clean;
  Symptom symptom = Symptom::none;
  /// Given by the map, not by mapquake: the type of an exception, the text of its own check without numbers, the name
  /// of a signal or of a budget. At most 63 bytes.
  std::string detail = {};
  friend bool operator==(const FailureKind&, const FailureKind&) = default;
};

/// What a search is after.
struct WantedFailure {
  FailureKind kind = {};     ///< outcome clean: any failure
  bool any_symptom = false;  ///< the outcome suffices
  bool matches(const FailureKind& seen) const {
    if (kind.outcome == Outcome::clean) return seen.outcome != Outcome::clean;
    return any_symptom ? seen.outcome == kind.outcome : seen == kind;
  }
};

/// A few words for readers: "lost key", "write/read", "std::out_of_range", "lock cycle after a throw"; may be empty.
std::string label_of(const FailureKind& kind);
/// The kind that these words name, for files without codes and for words that users write. Words that name no symptom
/// are taken for its detail, of the symptom that goes with the outcome.
FailureKind kind_from_label(Outcome outcome, std::string_view label);

}  // namespace mapquake
