// What an execution shows besides its history: the vocabulary of runtime, worker and parent. See history/reason.hpp.
#pragma once

#include "harness/history/lock_misuse.hpp"
#include "harness/history/outcome.hpp"
#include "harness/history/reason_parts.hpp"
#include "harness/history/witness.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace mapquake {

namespace reason {

// How the execution ended (runtime). Wrong accesses: `by` reads or writes so many bytes.

/// Where the access lies: from a block's start, in front of it where negative.
struct BesideBlock {
  std::int64_t offset_bytes = 0;
  std::uint64_t block_bytes = 0;
  Doer doer = {};  ///< who freed it, or allocated it
};
struct FreedAccess {
  Doer by;
  bool writes = false;
  std::uint64_t bytes = 0;
  std::optional<BesideBlock> block = {};  ///< with who freed it; none: it is not known any more
};
struct OutsideAccess {
  Doer by;
  bool writes = false;
  std::uint64_t bytes = 0;
  std::optional<BesideBlock> block = {};  ///< the nearest, with who allocated it
};
/// In front of the heap, and in no thread's stack.
struct NowhereAccess {
  Doer by;
  bool writes = false;
  std::uint64_t bytes = 0, in_front_bytes = 0;
};
/// Of a local variable of a function that has returned.
struct ReturnedAccess {
  Doer by;
  bool writes = false;
  std::uint64_t bytes = 0;
  ThreadId stack_of = 0;
};

// Data races.

enum class LocksHeld : std::uint8_t { neither, only_first, only_second, one_shared, different };
inline constexpr unsigned locks_held_count = 5;
struct RacingAccesses {
  AccessKind first_kind = AccessKind::read;
  Doer first = {};
  AccessKind second_kind = AccessKind::read;
  Doer second = {};
};
/// What a trace knows of it.
struct RaceAccount {
  LocksHeld locks = LocksHeld::neither;
  bool meet = false;  ///< they met at an object in between, which was not enough
};
struct Race {
  RacingAccesses accesses = {};
  std::optional<std::uint64_t> offset_bytes = {};  ///< in a block of so many bytes; none: it is no block's memory
  std::uint64_t block_bytes = 0;
  std::optional<RaceAccount> account = {};
};
/// Adds: that race came before the failure.
struct RaceBefore {
  RacingAccesses accesses = {};
};

// The heap.

struct NeverFreed {
  std::uint64_t blocks = 0, bytes = 0;
  Doer first = {};  ///< who allocated the first of them
};
struct DoubleFree {
  Doer by;
  std::uint64_t block_bytes = 0;
};
struct HeaderOverwritten {};
struct InvalidFree {};
struct MismatchedFree {
  Name allocated_by = {}, freed_by = {};  ///< "new[]", "free"
};
struct BeyondMemory {
  Doer by;
  std::uint64_t asked_bytes = 0, live_bytes = 0;
  std::optional<std::uint64_t> limit_bytes = {};  ///< none: an execution has no addresses for it
};

// Threads that wait, and loops.

struct Waiting {
  ThreadId thread = 0;
  Awaited awaited = Awaited::nothing;
  bool is_behind = false;      ///< Standing::is_behind
  ThreadId other = no_thread;  ///< Standing::other
};
inline constexpr std::size_t waiting_listed_max = 64;
struct AllWait {
  BoundedList<Waiting, waiting_listed_max> threads = {};  ///< the first ones
};
/// By a stalled thread, of a map that claims that nobody is.
struct HeldUp {
  Waiting thread = {};
};
struct LockMisused {
  Doer by;
  LockMisuse how = LockMisuse::unlocks_free;
  LockKind kind = LockKind::any;
  std::optional<Doer> holder = {};
};
enum class LoopShape : std::uint8_t {
  unchanging,       ///< nothing changes from round to round, and no other thread can end it
  nothing_new,      ///< nothing is done that had not been done before, and no other thread can end it
  all_nothing_new,  ///< of every thread that can run; each gets its turns
};
inline constexpr unsigned loop_shape_count = 3;
struct EndlessLoop {
  LoopShape shape = LoopShape::unchanging;
  std::uint64_t without_end_steps = 0;  ///< since an operation ended
  std::uint64_t watched_steps = 0;      ///< in which nothing new was done
};
/// No operation ended in the second half of the steps, although every thread got its turns.
struct NoEndInTurns {};
struct OutOfSteps {
  std::optional<std::uint64_t> without_end_steps = {};  ///< none: operations ended all the time
};
struct OutOfConstructionSteps {
  std::uint64_t steps = 0;
};
struct TooManyChoices {};
struct NoSchedulingPoint {
  std::uint64_t ms = 0;
};
struct BlockedInKernel {};

// Signals, and ends of the process that map code asks for.

struct StackUsedUp {
  std::uint64_t stack_kib = 0;
};
struct Signal {
  Name name = {};
  std::optional<std::uint64_t> address = {};
};
/// The processor does not say at which address, as no memory can be there.
struct WildPointer {
  Name signal = {};
};
struct SignalRaised {
  Name name = {};
};
struct ExitCalled {
  Name function = {};
  std::int64_t status = 0;
};
struct ExitSystemCall {
  std::int64_t status = 0;
};
struct ProgramReturned {
  std::int64_t status = 0;
};
struct AbortCalled {};
struct AssertionFailed {
  Part file = {};
  std::uint32_t line = 0;
  Part function = {};  ///< empty: unknown
  Part text = {};
};
/// std::terminate was called.
struct Terminated {
  Part type = {};  ///< of the exception; empty: there is none
  std::optional<Part> what = {};
};
/// pthread_exit met a catch (...) that does not rethrow.
struct ExitSwallowed {};
enum class Unsupported : std::uint8_t { pthread_kill, pthread_cancel };
inline constexpr unsigned unsupported_count = 2;
struct UnsupportedCall {
  Unsupported function = Unsupported::pthread_kill;
};
/// The debugger goes back: no statement about the map.
struct DebuggerGoesBack {};

// What the worker finds out by itself.

struct ConstructionThrew {
  Text what = {};
};
struct HookThrew {
  Name hook = {};
  Text what = {};
};
/// The map's, the adapter's or the program's own check, in its own words.
struct OwnCheck {
  Text text = {};
  bool by_validate = false;
};
/// A call threw bad_alloc, but no allocation failed.
struct BadAllocUnexplained {};
struct FreshRead {
  ThreadId thread = 0;
  std::uint64_t bytes = 0;
};
struct FreshEnds {
  Outcome filled = Outcome::clean, zeroed = Outcome::clean;
};
struct FreshAnswers {
  CallRef call;
  Text zeroed = {};  ///< what it answered with zeroes, as result_string() writes it
};
/// The same choices go another way, or end otherwise, with other contents of memory that nothing has written.
struct UnwrittenDecides {
  std::optional<FreshRead> read = {};
  std::optional<FreshEnds> ends = {};
  std::optional<FreshAnswers> answers = {};  ///< neither: the code goes another way
};
/// An execution that passed was repeated with the same choices and went another way.
struct WentAnotherWay {};

// What the parent finds of a worker.

struct KilledBySignal {
  std::int32_t number = 0;
  Name name = {};
};
struct ExitedWith {
  std::int32_t code = 0;
};
struct HarnessAsserted {};
struct NoStepAnyMore {};
struct KilledFromOutside {};
struct OutOfTime {};

}  // namespace reason

/// What an execution shows besides. A type of its own, so that no symbol spells them all.
struct EndReason
    : std::variant<reason::AllWait, reason::FreedAccess, reason::OutsideAccess, reason::NowhereAccess,
                   reason::ReturnedAccess, reason::Race, reason::RaceBefore, reason::NeverFreed, reason::DoubleFree,
                   reason::HeaderOverwritten, reason::InvalidFree, reason::MismatchedFree, reason::BeyondMemory,
                   reason::HeldUp, reason::LockMisused, reason::EndlessLoop, reason::NoEndInTurns, reason::OutOfSteps,
                   reason::OutOfConstructionSteps, reason::TooManyChoices, reason::NoSchedulingPoint,
                   reason::BlockedInKernel, reason::StackUsedUp, reason::Signal, reason::WildPointer,
                   reason::SignalRaised, reason::ExitCalled, reason::ExitSystemCall, reason::ProgramReturned,
                   reason::AbortCalled, reason::AssertionFailed, reason::Terminated, reason::ExitSwallowed,
                   reason::UnsupportedCall, reason::DebuggerGoesBack, reason::ConstructionThrew, reason::HookThrew,
                   reason::OwnCheck, reason::BadAllocUnexplained, reason::UnwrittenDecides, reason::WentAnotherWay,
                   reason::KilledBySignal, reason::ExitedWith, reason::HarnessAsserted, reason::NoStepAnyMore,
                   reason::KilledFromOutside, reason::OutOfTime> {
  using variant::variant;
};

}  // namespace mapquake
