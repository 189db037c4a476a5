// What the runtime knows of one execution. Begins as a value that is built anew (lifecycle.cpp, run()): what is added
// here needs no line there, and nothing of one execution is left for the next. Within runtime/ only.
#pragma once

#include "harness/history/uncontrolled.hpp"
#include "harness/runtime/cycle_proof.hpp"
#include "harness/runtime/execution.hpp"
#include "harness/runtime/faults.hpp"
#include "harness/runtime/look.hpp"
#include "harness/runtime/quiet.hpp"
#include "harness/runtime/thread_set.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake::runtime {

/// The clock's start in every execution: one virtual second after boot.
inline constexpr std::uint64_t clock_start_ns = 1'000'000'000;

enum class Phase : std::uint8_t {
  setting_up,    ///< main constructs the map
  filling,       ///< main adds the entries that are there before the threads begin
  threads_run,   ///< main waits for them
  looking_back,  ///< main tries again what failed, looks everything up, and destroys the map
};

/// Threads that repeat one state each, and give their turns to each other.
struct Cycles {
  CycleProof proof;
  std::uint64_t turn_began = UINT64_MAX;           ///< of the turn that `proof` is told of
  std::uint64_t turn_ended = UINT64_MAX;           ///< step of the last proof
  std::uint64_t watched = 0;                       ///< the last step that `proof` was told of
  std::array<std::uint8_t, threads_max> proven{};  ///< how often, in turns on end that ended so
};

/// Invariants: 1. Runtime::threads[0 … count) exist. 2. Runtime::ready lists, in ascending order, the ready_count
/// threads whose state is ready, which `ready_set` holds, unless `ready_stale`. 3. earliest_deadline_ns is not later
/// than that of any blocked thread.
struct ExecutionState {
  Thread* current = nullptr;
  std::uint64_t steps = 0;
  std::uint64_t check_at = UINT64_MAX;  ///< step at which limits are looked at again
  std::uint64_t hash = 0;

  Quiet quiet;

  Strategy* strategy = nullptr;
  Recording recording;
  bool tracing = false;
  bool follows_effects = false;  ///< Strategy::follows_effects()
  bool repeats = false;          ///< Strategy::repeats()
  bool ready_stale = true;
  std::uint32_t ready_count = 0;
  std::uint32_t count = 0;
  ThreadSet ready_set;

  std::uint64_t now_ns = clock_start_ns;  ///< as of clock_steps; read it through now_ns()
  std::uint64_t clock_steps = 0;          ///< the steps that now_ns accounts for
  std::uint64_t earliest_deadline_ns = never;
  std::uint64_t skipped_ns = 0;   ///< of now_ns: what injected faults have added for all threads
  std::uint64_t steps_max = 0;    ///< the step at which the execution is given up, or gets more (out_of_steps)
  std::uint64_t phase_began = 0;  ///< step at which main was alone, or the threads set off
  Phase phase = Phase::setting_up;
  std::uint64_t turn_began = 0;  ///< step at which the current thread got the processor
  /// Step from which on no point is quiet until decide() has looked for starved threads.
  std::uint64_t fairness_at = 0;
  Cycles cycles;
  std::uint64_t stack_at_limit_bytes = 0;  ///< the most that a thread had in use when its execution's steps were up
  std::uint64_t last_watch_of_phase = UINT64_MAX;  ///< phase_began of the phase that had its last watch
  std::uint64_t last_progress = 0;                 ///< step at which an operation last ended
  std::uint64_t idle_jumps = 0;                    ///< of time because all slept, since last_progress
  std::uint64_t last_time_jump = 0;  ///< step at which time last moved on because all who ran waited in vain
  std::uint32_t yields = 0;          ///< since then
  std::uint32_t switches = 0;
  std::uint32_t preemptions = 0;
  std::uint32_t faults = 0;
  std::uint32_t exceptions = 0;
  std::uint32_t declared = 0;
  std::uint32_t ended_early = 0;
  std::uint32_t asked = 0;
  std::uint32_t covered_from = 0;  ///< hash of the point switched away from

  FaultPlan faults_plan;
  const Setup* setup = nullptr;
  Abandoned abandoned;
  Abandoned late;
  std::vector<Witness> witnesses;
  std::vector<FreshRead> fresh_reads;
  TouchedMemory touched;
  RacePlaces race;                                      ///< of the race that was found, if one was
  std::vector<RacePlaces> races_passed;                 ///< different ones
  std::optional<reason::RaceBefore> race_passed_first;  ///< only where the execution is traced
  std::uint64_t heap_top = 0;                           ///< no block of this execution lies above
};

}  // namespace mapquake::runtime
