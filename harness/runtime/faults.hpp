// Faults as choices: which kinds an execution may meet, and the questions that the runtime asks of its strategy.
//
// A question asked here has no event of its own: it belongs to the event that the thread has just counted, and leaves
// no trace where it is answered with 0. So an execution is the same whether a kind is enabled and never chosen, or not
// enabled at all; a replay enables what its file lists, and no more.
#pragma once

#include "harness/choice/choice.hpp"

#include <cstddef>
#include <cstdint>

namespace mapquake::runtime {

/// What may go wrong in an execution.
struct FaultPlan {
  std::uint32_t enabled = 0;                  ///< bit per ChoiceKind
  std::uint32_t count_max = UINT32_MAX;       ///< non-zero answers; after that, 0 is answered without a question
  std::uint64_t pressure_bytes = UINT64_MAX;  ///< live bytes beyond which operations' allocations fail, as if chosen
  bool threads_end = false;                   ///< ChoiceKind::crash may be answered with 2
  /// The map claims that a stalled thread holds nobody up: where one does, the execution ends as a deadlock.
  bool stalls_hold_nobody_up = false;
  /// Asks for an allocation failure by way of libfiu (fault/libfiu.hpp); answers as ChoiceKind::alloc_fail.
  std::uint32_t (*ask_allocation)(std::uint64_t pc) = nullptr;
};

/// A delay lasts 2^take nanoseconds of virtual time (pauses: choice/pause.hpp); a scheduling point takes one.
inline constexpr std::uint32_t delay_powers = 31;

/// True: a question of this kind that came up now would be answered with 0, and counts as asked: the kind is not
/// enabled, the budget is used up, the thread is not one of those that faults may hit (the main thread never is, but
/// for environment_kinds), or the strategy has said so beforehand. Requires: harness code.
bool stays_unasked(ChoiceKind kind);

/// An answer in [0, n) to a question that belongs to the current thread's last event; 0 where it stays_unasked().
/// Requires: harness code.
std::uint32_t choose_here(ChoiceKind kind, std::uint32_t n, std::uint64_t pc);

/// The current thread is inside an operation of the program (not in set-up, final look-ups or a thread of the map's).
bool in_operation();

/// Shall this allocation of map code fail? Requires: its event has been counted. Cost where off: one comparison.
bool allocation_fails(std::size_t bytes, std::uint64_t pc);
/// Shall this allocation get a block that was freed lately?
bool reuses_block(std::uint64_t pc);

/// User code is called (abi::UserCode): an event; true where it shall throw.
bool user_code_throws(std::uint64_t what, std::uint64_t pc);

}  // namespace mapquake::runtime
