// The steps of shrinking. Each tries many candidates, keeps what is accepted, and answers whether anything was.
#pragma once

#include "harness/shrink/session.hpp"

namespace mapquake {

/// Whole threads; threads merged into others; first inserts moved to the prefill.
bool fewer_threads(Session& session, const Effort& effort);
/// Operations, then prefill entries: chunks of half, a quarter, …, single ones (Zeller & Hildebrandt: "Simplifying and
/// isolating failure-inducing input", TSE 2002, without complements: they rarely pay here).
bool fewer_operations(Session& session, const Effort& effort);
/// Of a program of one operation the last entry may be what that adds instead.
bool fewer_prefill_entries(Session& session, const Effort& effort);
/// Switches, by slices of time, then one by one with the others kept in order (timeline.hpp). Replayed only.
bool fewer_choices(Session& session);
/// `candidate`, a case without one of its faults, under schedules with at most one preemption more than the best has.
bool searched_without_fault(Session& session, const Case& candidate, const Effort& effort);
/// Faults one by one, with another schedule searched where needed; then smaller answers of those that stay.
bool fewer_faults(Session& session, const Effort& effort);
/// Threads that programs start where answers of theirs are so: without those answers, and with the threads behind them
/// renumbered. Answers that stand together alone, of programs with few.
bool fewer_started_threads(Session& session);
/// Construction, keys, values, order of threads.
bool simpler_arguments(Session& session, const Effort& effort);

/// Only the first few switches of a long schedule, then none. What runs until its steps are used up (a livelock, a spin
/// lock that was kept) was decided early, and each of its executions is long: the shortest beginning that does comes
/// first, in a logarithmic number of runs.
bool shorter_schedule(Session& session);

/// A schedule of the same program with fewer preemptions, by sampling, where there are too many for a systematic
/// search: a random walk's hundreds of switches tie every operation to every other, and nothing could be left out of
/// them.
bool calmer_schedule(Session& session, std::uint32_t runs);

/// Programs made of two or three of the best program's operations, each under all schedules with at most two
/// preemptions, `runs` executions at most. Leaving out one operation after the other can end where every way on needs
/// more preemptions than a search affords; most defects need no more than this (Lu et al., "Learning from mistakes",
/// ASPLOS 2008, section 4: two threads and at most four accesses decide). Then, of a case with more preemptions than
/// searches go through, such of four and five operations under some random schedules. For cases of four operations and
/// more.
bool smaller_programs(Session& session, std::uint32_t runs);

/// Of a program of one thread that fails without any choices: parts of it, and of what it was at first, drawn at
/// random, until one is better, `runs` of them at most. What a tree or a table looks like depends on every operation
/// before, so that leaving out one after the other ends early: a shorter program that fails is often not on the way.
/// For programs of six entries and operations and more.
bool sampled_programs(Session& session, std::uint32_t runs);

/// Each preemption at the place in its operation from which the case fails with the fewest switches in all (in the
/// middle of a critical section the others only come to wait), and of those at the earliest: of many that come to the
/// same it is the one that every seed ends at. Places are those that threads can tell apart: locks, atomics, accesses
/// to what another thread touches as well. Replayed only.
bool better_places(Session& session);

/// Another schedule with fewer preemptions, until none is found; stale reads may read newer or older stores in it.
struct PreemptionsResult {
  bool accepted = false;
  bool exhausted = false;  ///< no schedule of the best program with fewer preemptions fails (its faults as they are)
};
PreemptionsResult fewer_preemptions(Session& session, std::uint32_t runs);

/// Every single removal from the best case: thread, operation, prefill entry, choice. Stops at the first that is
/// accepted.
struct RemovalsResult {
  bool accepted = false;
  bool complete = false;    ///< all were tried
  bool exhaustive = false;  ///< and every program left over was run under all schedules with as few preemptions
  std::uint64_t checked = 0;
};
RemovalsResult check_removals(Session& session, std::uint32_t runs_per_removal);

}  // namespace mapquake
