// What parent and worker tell each other while a request is worked on. Plain data in shared memory, written as it
// happens: when a worker dies, what stands here, and what was recorded (Slot::choices, Slot::running_program), is all
// that is left of it, and it is enough.
#pragma once

#include "harness/case/executor.hpp"

#include <atomic>
#include <cstdint>

namespace mapquake {

/// How far an exploration has come. Begins as a value that is built anew; the next worker goes on with it where one
/// has died.
struct Exploration {
  std::uint64_t programs = 0;        ///< finished by this worker
  std::uint64_t program_number = 0;  ///< of the program that runs
  std::uint32_t schedule_number = 0;
  std::uint32_t executions_in_program = 0;
  SteppedOver stepped_over = {};  ///< of the program that runs
  DeadEnds dead_ends = {};        ///< as that program began
  std::uint32_t asked = 0;        ///< ExploreResult::asked
  std::uint32_t known_hits[known_defects_max] = {};
  std::uint64_t unknown = 0;  ///< by this worker, once it has answered
  std::uint64_t sweep_points = 0;
  std::uint64_t repeated = 0;
  PhaseRecord phases = {};
  char declared_points[2048] = {};  ///< names, one per line
  std::uint64_t coverage[coverage_words] = {};
};

struct Live {
  std::atomic<std::uint64_t> sequence;  ///< of the request; a worker ignores a call with another number
  std::atomic<std::uint32_t> stop;      ///< by the parent: come back soon
  std::atomic<std::uint32_t> busy;      ///< by the worker: it has begun, and not answered
  std::atomic<std::uint64_t> heartbeat;
  std::atomic<std::uint32_t> judging;
  // Totals, which no request resets.
  std::atomic<std::uint64_t> executions;
  std::atomic<std::uint64_t> steps;
  std::atomic<std::uint64_t> switches;
  // Of the execution that runs.
  std::atomic<std::uint32_t> choice_count;
  std::atomic<std::uint32_t> trace_count;
  Exploration exploration;
  // Programs that cover something new (Slot::kept_programs).
  std::uint32_t kept_bytes_inherited;  ///< they come first
  std::uint32_t kept_bytes_given;      ///< of the request; what workers keep stands behind them
  std::atomic<std::uint32_t> kept_bytes;
  std::uint64_t request_bytes;              ///< 0: there is no request
  std::atomic<std::uint64_t> answer_bytes;  ///< 0: there is no answer
};

}  // namespace mapquake
