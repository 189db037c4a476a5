// The memory that a worker shares with its parent: the request, the case that runs now, every choice as it is made, and
// the answer. Plain data only. When a worker dies, what lies here is all that is left of it, and it is enough.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/wire/packed_reasons.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mapquake {

/// debug: as execute, traced, again and again as a debugger wants it; never answered. look: Executor::look().
enum class Command : std::uint32_t { none, execute, search, explore, debug, look };

struct SlotThread {
  ThreadId thread;
  OpIndex op;
  std::uint32_t event;
  Standing standing;
  std::uint32_t stack_count;
  std::uint64_t stack[32];
};

/// A MapState, as far as there is room.
struct SlotLook {
  std::uint64_t at;
  Sight sight;
  bool by_look_ups;
  bool has_size;
  Outcome outcome;
  ThreadId beside;
  Standing standing;
  std::uint64_t object;
  std::uint64_t size;
  std::uint64_t entry_count;  ///< also of those that there is no room for
  std::pair<std::int64_t, std::int64_t> entries[entries_seen_max];
  char inside[1024];
};

/// Fixed-size part. Invariants: 1. counts never exceed the capacities below. 2. while `busy`, the arrays belong to the
/// worker; else to the parent.
struct SlotHeader {
  // the request
  std::atomic<std::uint64_t> sequence;  ///< of the request; a worker ignores a call with another number
  Command command;
  bool trace;
  bool may_end_loops_soon;  ///< execute, search: as Executor::attempt()
  bool shows_output;
  SearchKind search_kind;
  Outcome wanted_outcome;
  char wanted_label[64];
  std::uint64_t wanted_race;
  char scenario[64];
  Plan plan;                 ///< explore
  std::uint32_t fault_mask;  ///< search
  Limits limits;
  std::uint64_t seed;
  std::uint64_t first_program;
  std::uint32_t first_schedule;
  SteppedOver stepped_over;  ///< of the first program; then of that which runs
  std::uint32_t known_count;
  std::uint64_t known[known_defects_max];
  std::uint64_t executions_max;
  double seconds_max;
  std::uint32_t depth;
  std::uint32_t input_choice_count;
  Choice moved;
  bool program_given;  ///< explore: the program below, not the scenario's
  bool breeds;         ///< explore: programs may be bred of those that were kept
  TableBlocks tables;  ///< explore: of the map

  // the program that runs now
  std::uint32_t prefill_count;
  std::uint32_t thread_count;
  std::uint32_t thread_end[program_threads_max];  ///< operations of thread i end there
  abi::HashMode hash;
  bool construct_from_range;
  std::uint64_t capacity_hint;
  std::uint64_t capacity;
  std::uint32_t races_passed;
  std::uint64_t memory_limit;
  std::uint64_t program_steps_max;
  std::uint32_t budget_count;
  Budget budgets[budgets_max];

  // progress
  std::atomic<std::uint32_t> stop;
  std::atomic<std::uint32_t> busy;
  std::atomic<std::uint64_t> heartbeat;
  std::atomic<std::uint32_t> judging;
  std::atomic<std::uint64_t> executions;
  std::atomic<std::uint64_t> steps;
  std::atomic<std::uint64_t> switches;
  std::uint64_t programs;
  std::uint64_t program_number;
  std::uint32_t schedule_number;
  std::uint32_t executions_in_program;
  std::uint32_t asked;
  std::uint32_t known_hits[known_defects_max];
  std::uint64_t unknown;
  std::uint64_t sweep_points;
  std::uint64_t repeated;
  PhaseRecord phases;
  std::atomic<std::uint32_t> choice_count;
  std::atomic<std::uint32_t> trace_count;

  // the answer
  bool found;
  bool beyond_claims;
  bool exhausted;
  bool loops_wait;
  std::uint32_t gaps;
  std::uint64_t redundant;
  Outcome outcome;
  char label[64];
  std::uint32_t reason_bytes;
  std::uint8_t reasons[packed_reasons_bytes_max];
  std::uint32_t involved_count;
  std::uint32_t involved[32];
  std::uint64_t trace_hash;
  std::uint64_t fingerprint;
  std::uint64_t execution_steps;
  std::uint32_t execution_switches;
  std::uint32_t preemptions;
  std::uint32_t faults;
  std::uint32_t races_met;
  std::uint32_t call_count;
  std::uint32_t visit_count;
  std::uint32_t quiescent_from;
  std::uint64_t live_bytes;
  std::uint32_t thread_state_count;
  SlotThread thread_states[threads_max];
  TouchedMemory touched;
  std::uint32_t uncontrolled_count;
  Uncontrolled uncontrolled[uncontrolled_max];
  char dump[4096];
  char declared_points[2048];  ///< names, one per line
  std::uint32_t look_count;    ///< look: of the request
  std::uint32_t looks_done;    ///< those before it have an answer; a worker that dies dies of this one
  SlotLook looks[looks_max];

  // What was covered before, and is now; and the programs that covered something new (Slot::kept_programs).
  std::uint64_t coverage[coverage_words];
  std::uint32_t kept_bytes_inherited;  ///< they come first
  std::uint32_t kept_bytes_given;      ///< of the request; what the worker keeps stands behind them
  std::atomic<std::uint32_t> kept_bytes;
};

/// The header and the arrays behind it, in one sparse shared mapping: only what is touched costs memory.
class Slot {
 public:
  static constexpr std::uint32_t choices_max = 1u << 20;
  static constexpr std::uint32_t trace_max = 1u << 17;
  static constexpr std::uint32_t calls_max = 1u << 21;
  static constexpr std::uint32_t visits_max = 1u << 21;
  static constexpr std::uint32_t kept_bytes_max = 1u << 22;

  /// A new one in an anonymous file, whose descriptor a child inherits. Errors (input_output): limits of the process.
  static Result<Slot> create();
  /// The parent's, seen from a child. Asserts on failure.
  static Slot attach(int descriptor);
  Slot(Slot&& other) noexcept;
  Slot& operator=(Slot&&) = delete;
  ~Slot();

  int descriptor() const { return descriptor_; }
  SlotHeader& header() const { return *header_; }

  void write_program(const Program& program) const;
  Program read_program() const;
  void write_input_choices(std::span<const Choice> choices) const;
  std::span<const Choice> input_choices() const;
  /// The request's programs to breed from, and those that were inherited.
  void give_kept_programs(std::span<const Program> kept, std::span<const Program> inherited = {}) const;
  /// Puts one behind them, at once: a worker that dies later leaves it. False: there is no room.
  bool keep_program(const Program& program) const;
  /// Those of the request, and those that were kept since. As far as they can be read: a map may have written there.
  std::vector<Program> inherited_programs() const;
  std::vector<Program> kept_programs() const;
  std::vector<Program> kept_since() const;
  std::span<Choice> choices() const;
  std::span<TraceEvent> trace() const;
  void write_history(const History& history) const;
  void write_look(std::size_t number, const MapState& state) const;
  std::vector<MapState> read_looks() const;
  /// Of the slice that is explored; all zeros at first.
  UsageRecord& usage() const;

  /// The answer, with the choices and the trace that were recorded.
  Execution read_execution() const;

 private:
  Slot(int descriptor, void* base);
  std::vector<Program> programs_between(std::uint32_t from, std::uint32_t to) const;

  int descriptor_ = -1;
  SlotHeader* header_ = nullptr;
};

/// What there is to say about the answer.
void write_reasons(SlotHeader& header, std::span<const Reason> reasons);

/// Copies at most `size` - 1 bytes and ends them with 0.
void copy_text(char* to, std::size_t size, std::string_view text);

}  // namespace mapquake
