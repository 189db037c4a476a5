// The one idea: an execution is a pure function of its case. This interface is all that shrinking, campaigns and
// replay know of it; process_executor.hpp implements it with worker processes that may die.
#pragma once

#include "harness/base/result.hpp"
#include "harness/case/dead_ends.hpp"
#include "harness/case/kept_programs.hpp"
#include "harness/case/known_defects.hpp"
#include "harness/case/map_state.hpp"
#include "harness/case/plan.hpp"
#include "harness/choice/choice.hpp"
#include "harness/history/history.hpp"
#include "harness/history/map_phases.hpp"
#include "harness/history/program.hpp"
#include "harness/history/trace.hpp"
#include "harness/history/uncontrolled.hpp"
#include "harness/history/usage_record.hpp"
#include "harness/history/witness.hpp"
#include "harness/oracle/violation.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mapquake {

/// Everything that determines an execution, the map aside (an Executor is made for one map).
struct Case {
  Program program;
  std::vector<Choice> choices;  ///< sorted; choices that never come up are ignored and missing ones are 0
};

struct Limits {
  std::uint32_t hang_cpu_ms = 300;  ///< in user mode, without any event or new memory
};

struct Execution {
  Violation violation;  ///< outcome clean where there is none
  History history;
  std::vector<Choice> choices;   ///< the non-zero choices that were made, sorted
  std::uint64_t trace_hash = 0;  ///< over every event, choice and answer: equal hashes mean the same execution
  std::uint64_t steps = 0;
  std::uint32_t switches = 0;
  std::uint32_t preemptions = 0;  ///< switches away from a thread that could have gone on
  std::uint32_t faults = 0;       ///< non-zero choices other than schedule, adapter and stale_read
  std::uint32_t races_met = 0;    ///< different ones, at which the execution went on
  std::uint64_t fingerprint = 0;  ///< of the failure, 0 where clean (worker/defect_fingerprint.hpp)
  Trace trace;                    ///< empty unless asked for
  /// For outcomes other than clean and oracle violations: the threads as they stood, then the places that the finding
  /// rests on.
  std::vector<Witness> threads;
  TouchedMemory touched;                   ///< where the memory oracles found something
  std::vector<Uncontrolled> uncontrolled;  ///< in the order in which it was asked for
  std::string dump;              ///< the adapter's dump() at the end, where it has one and the map still stands
  std::vector<MapState> states;  ///< what the map held at moments on the way, ascending; empty unless asked for (look)

  /// Threads that did something, the main thread left out: of a program, those that it started, too. Requires the
  /// trace.
  std::size_t threads_traced() const {
    ThreadId last = main_thread + 1;
    for (const TraceEvent& event : trace.events) {
      last = std::max(last, event.kind == EventKind::thread_start ? static_cast<ThreadId>(event.value) : event.thread);
    }
    return last;
  }

  /// Choices that only weak memory leaves: loads of older values, stores that are not the newest.
  std::uint64_t stale_reads() const {
    return static_cast<std::uint64_t>(
        std::ranges::count(choices, ChoiceKind::stale_read, [](const Choice& choice) { return choice.kind; }));
  }
};

/// Words of a bitmap of scheduling contexts.
inline constexpr std::size_t coverage_words = 1024;

/// How a worker explores by itself.
enum class SearchKind : std::uint8_t {
  random_walk,  ///< see strategy/random_walk.hpp
  pct,          ///< see strategy/pct.hpp, with a d of 2, 3 and 5 by turns
  bounded,      ///< every schedule of `program` with at most `depth` preemptions, fewest first (CHESS)
  places,       ///< the same, with the fault `moved` at each place where it could happen, in turn
  pos,          ///< partial order sampling, see strategy/pos.hpp
  /// Every execution of `program` up to the order of independent steps, with at most `depth` preemptions (UINT32_MAX:
  /// any number), and with all answers to the kinds of fault_mask: strategy/dpor.hpp
  all_orders,
};

struct SearchRequest {
  SearchKind kind = SearchKind::random_walk;
  Program program;
  std::uint64_t seed = 0;
  std::uint32_t depth = 3;  ///< preemptions; of bounded, places and all_orders alone
  std::uint64_t executions_max = 1000;
  double seconds_max = 0;    ///< of all_orders alone; 0: no limit
  bool of_attempts = false;  ///< executions end as those of Executor::attempt(), the one that is found, too
  /// Stop only at a failure with this outcome and a label that stands for this one (history/symptom.hpp); clean: stop
  /// at any failure.
  Outcome outcome = Outcome::clean;
  std::string label;
  std::uint64_t race = 0;        ///< a data race with this fingerprint; 0: any
  std::uint32_t fault_mask = 0;  ///< bit per ChoiceKind that may be non-zero besides schedule and adapter
  /// Choices made in addition to those of the search, wherever they come up (strategy/pinned.hpp). Their kinds need no
  /// bit in fault_mask. The shrinker pins the faults that a failure needs while it looks for another schedule.
  std::vector<Choice> pinned;
  Choice moved = {};  ///< SearchKind::places: of this kind and answer, wherever that is; its address means nothing
};

struct SearchResult {
  bool found = false;
  bool exhausted = false;  ///< bounded, all_orders: every schedule was run
  std::uint64_t executions = 0;
  std::uint64_t redundant = 0;  ///< all_orders: of those, the ones that were found to be as others, on the way
  std::uint32_t gaps = 0;       ///< all_orders: why it cannot be exhausted, bits of Gap (strategy/dpor.hpp)
  bool loops_wait = false;      ///< all_orders: PartialOrderSearch::loops_wait()
  Execution execution;          ///< the failure, where found
};

/// A slice of a campaign: programs generated by a scenario, several schedules of each.
struct ExploreRequest {
  std::string scenario;            ///< known to find_scenario, unless `program` is given
  std::optional<Program> program;  ///< given: every program is this one, under other schedules and faults
  Plan plan;
  std::uint64_t seed = 0;              ///< of the campaign
  std::uint64_t first_program = 0;     ///< programs are numbered; (seed, number) determines program and schedules
  std::uint32_t first_schedule = 0;    ///< of the first program: those before it were run
  SteppedOver stepped_over = {};       ///< by these, of the first program
  DeadEnds dead_ends = {};             ///< as the first program begins
  std::vector<std::uint64_t> covered;  ///< ExploreResult::coverage of earlier slices, united; empty: nothing
  KeptPrograms kept;                   ///< that earlier slices kept
  KeptPrograms inherited;              ///< that earlier campaigns kept: programs 0, 1, … where programs are bred
  bool breeds = false;                 ///< programs may be bred of those; else they follow from their numbers alone
  KnownDefects known;                  ///< executions that show one of these are counted, and end nothing
  TableBlocks tables;                  ///< of the map; ExploreResult::phases needs them
  std::uint64_t executions_max = UINT64_MAX;
  double seconds_max = 1;
};

/// A known way to end the process costs a new one each time: after so many, explore() comes back.
inline constexpr std::uint32_t explore_deaths_max = 16;

/// Live figures of a running explore(), updated by the executor's thread, readable from any other.
struct ExploreProgress {
  std::atomic<std::uint64_t> executions{0};
  std::atomic<std::uint64_t> steps{0};
  std::atomic<std::uint64_t> switches{0};
  std::atomic<bool> stop{false};  ///< set by the caller: come back soon
};

struct ExploreResult {
  std::uint64_t executions = 0;
  std::uint64_t programs = 0;  ///< finished; next slice: first_program + programs
  std::uint64_t steps = 0;
  std::uint64_t switches = 0;
  std::uint64_t sweep_points = 0;            ///< scenarios that sweep: failure points gone through, none left out
  std::uint32_t asked = 0;                   ///< bit per ChoiceKind among Plan::fault_mask that came up at all
  std::string declared_points;               ///< of the map, as far as this worker has met them; one name per line
  std::uint64_t unknown = 0;                 ///< executions whose history was too entangled to decide
  std::shared_ptr<const UsageRecord> usage;  ///< null unless asked for
  PhaseRecord phases;                        ///< all 0 where the map's tables are not known
  /// Bitmap of scheduling contexts seen in this slice, and of ExploreRequest::covered; union them over slices.
  std::vector<std::uint64_t> coverage;
  KeptPrograms kept;                        ///< programs of this slice that saw new ones, in their order
  std::uint64_t repeated = 0;               ///< clean executions that were repeated to see that they are the same
  std::uint32_t deaths = 0;                 ///< executions that ended their process, in ways that are known
  std::uint32_t next_schedule = 0;          ///< of the next slice's first program: those before it were run
  SteppedOver stepped_over = {};            ///< where schedules of an unfinished program were run: by these
  DeadEnds dead_ends = {};                  ///< as the next slice's first program begins, or the failure's
  std::vector<std::uint32_t> known_hits;    ///< per element of ExploreRequest::known
  bool found = false;                       ///< a failure that is not known
  std::uint64_t program_number = 0;         ///< of the failure
  std::uint32_t schedule_number = 0;        ///< of the failure, within its program
  std::uint32_t executions_in_program = 0;  ///< of the failure, itself included; none of them in `programs`
  bool process_died = false;                ///< of the failure
  bool beyond_claims = false;  ///< a race where the program asks for more than is claimed: what else turns up says more
  std::uint64_t fingerprint = 0;  ///< of the failure: what makes it known
  Case failing;                   ///< where found
  Execution execution;            ///< where found, without trace
};

/// Not thread-safe; make one per thread of work. All calls survive whatever the map does.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs one case by replaying its choices: all that an execution made, or those of a file. `trace`: record steps.
  virtual Execution execute(const Case& input, bool trace) = 0;
  /// execute() without a trace, for the many of which most are thrown away, and whose choices are an execution's no
  /// more as a whole: who waits too long is helped, as in a search. Where it goes round in a loop, the execution may
  /// end much sooner, and what merely takes long may be called a hang or a livelock. Every other end is execute()'s.
  virtual Execution attempt(const Case& input) { return execute(input, false); }
  /// What the map holds at moments of this case's traced execution: of each, in their order. Each costs an execution
  /// up to there, and one that breaks the worker another worker. Looks that `looks_seconds_max` leaves no time for are
  /// Sight::not_looked, and so are all of an executor that cannot look. Requires: moments ascend, at most looks_max.
  virtual std::vector<MapState> look(const Case& input, std::span<const std::uint64_t> moments) {
    static_cast<void>(input);
    std::vector<MapState> states;
    for (const std::uint64_t moment : moments) states.push_back({.at = moment});
    return states;
  }
  virtual SearchResult search(const SearchRequest& request) = 0;
  /// Blocks until a failure that is not known, `executions_max`, `seconds_max` or `progress.stop`. Totals in `progress`
  /// are added to. After a failure the program that showed it is unfinished: with its fingerprint among those known,
  /// the same program can be asked for again, and with `process_died` its rest, from the next schedule on.
  virtual ExploreResult explore(const ExploreRequest& request, ExploreProgress& progress) = 0;
  /// As the next call: starts in a process that has run nothing before.
  virtual void fresh_process() = 0;
  /// Whether what the map prints appears on the standard error from the next call on. At first it does not.
  virtual void show_output(bool shown) = 0;
  /// From the next execute(), attempt() or search() on: once `stop` answers true, what runs is cut off after a second,
  /// and what is called after that does not run; explore() heeds its progress.stop alike. Null: never, as at first. It
  /// is asked every 50 ms or so, by the calling thread. An executor whose calls are all short need not heed it.
  virtual void heed(std::function<bool()> stop) { static_cast<void>(stop); }
  /// Whether anything was cut off since heed(). Then an execution is nondeterministic, a search has found nothing, and
  /// neither says anything about the map.
  virtual bool was_cut_off() const { return false; }
};

}  // namespace mapquake
