// A map that exists only as arithmetic. Every operation of a thread performs a load, a write and a store; a thread that
// is preempted at the write of an insert, by a thread that inserts, loses a key. Executions are pure functions of the
// case, exploring finds its failures at the programs it was told, and nothing forks.
#pragma once

#include "harness/campaign/campaign.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace mapquake::testing {

inline constexpr std::uint64_t load_pc = 0x10, write_pc = 0x20, store_pc = 0x30, added_pc = 0x40;

inline const Site& fake_site(std::uint64_t pc) {
  static const std::map<std::uint64_t, Site> sites{{load_pc, {"find_bucket", "fake_map.hpp", "/src/fake_map.hpp", 10}},
                                                   {write_pc, {"link", "fake_map.hpp", "/src/fake_map.hpp", 20}},
                                                   {store_pc, {"publish", "fake_map.hpp", "/src/fake_map.hpp", 30}},
                                                   {added_pc, {"count", "fake_map.hpp", "/src/fake_map.hpp", 9}}};
  static const Site unknown;
  const auto at = sites.find(pc);
  return at == sites.end() ? unknown : at->second;
}

struct FakeBehaviour {
  std::set<std::uint64_t> failing_programs{};  ///< explore() fails at the first schedule of these
  std::set<std::uint64_t> dying_programs{};    ///< the same, and the process dies of it
  bool each_another = false;                   ///< every failing program has a fingerprint of its own
  std::set<std::string> failing_scenarios{};   ///< empty: all
  unsigned added_events = 0;                   ///< another build: so many more loads at the start of each operation
  std::uint64_t write_pc = testing::write_pc;
  bool deterministic = true;
  bool repaired = false;  ///< no key is ever lost
  unsigned threads = 3;
  unsigned operations = 2;
};

class FakeExecutor final : public Executor {
 public:
  explicit FakeExecutor(FakeBehaviour behaviour) : behaviour_(std::move(behaviour)) {}

  Execution execute(const Case& input, bool trace) override {
    ++executions;
    Run run{input, trace, {}, {}, {}, std::vector<bool>(input.program.threads.size(), false)};
    for (std::size_t thread = 0; thread < input.program.threads.size(); ++thread) run_thread(run, thread);
    run.result.history.quiescent_from = static_cast<std::uint32_t>(run.result.history.calls.size());
    run.result.trace_hash = run.hash;
    if (!behaviour_.deterministic) run.result.trace_hash += executions;
    if (!trace) run.result.trace = {};
    return std::move(run.result);
  }

  /// Preempts the first thread at each event of its last operation in turn, where the search is systematic.
  SearchResult search(const SearchRequest& request) override {
    SearchResult result;
    if (request.kind != SearchKind::bounded || request.depth == 0) return result;
    const auto last = static_cast<OpIndex>(request.program.threads[0].size() - 1);
    for (std::uint32_t event = 1; event <= behaviour_.added_events + 3; ++event) {
      ++result.executions;
      result.execution = execute({request.program, {{1, last, event, ChoiceKind::schedule, 2}}}, false);
      const Violation& seen = result.execution.violation;
      result.found = seen.outcome == request.outcome && seen.label == request.label;
      if (result.found) break;
    }
    return result;
  }

  ExploreResult explore(const ExploreRequest& request, ExploreProgress& progress) override {
    ExploreResult result;
    result.known_hits.resize(request.known.size());
    requests.push_back(request);
    if (heard) heard(request);
    const bool fails = behaviour_.failing_scenarios.empty() || behaviour_.failing_scenarios.contains(request.scenario);
    std::uint64_t programs_max = UINT64_MAX;
    if (request.executions_max == UINT64_MAX) programs_max = 4;
    while (result.executions < request.executions_max && result.programs < programs_max && !progress.stop) {
      const std::uint64_t number = request.first_program + result.programs;
      const bool from_start = number != request.first_program || request.first_schedule == 0;
      const bool dies = behaviour_.dying_programs.contains(number);
      if (fails && from_start && (dies || behaviour_.failing_programs.contains(number))) {
        const std::uint64_t fingerprint = behaviour_.each_another ? number + 1 : 1;
        const auto known = std::ranges::find(request.known, fingerprint);
        if (known == request.known.end()) {
          ++result.executions;
          result.executions_in_program = 1;
          result.found = true;
          result.process_died = dies;
          result.fingerprint = fingerprint;
          result.program_number = number;
          result.failing = failing_case();
          result.execution = execute(result.failing, false);
          break;
        }
        ++result.known_hits[static_cast<std::size_t>(known - request.known.begin())];
      }
      ++result.programs;
      const std::uint64_t schedules = request.plan.schedules_max - (from_start ? 0 : request.first_schedule);
      result.executions += std::min<std::uint64_t>(schedules, request.executions_max - result.executions);
    }
    progress.executions += result.executions;
    result.steps = result.executions * 10;
    result.switches = result.executions * 2;
    result.coverage = {request.first_program + 1};
    if (result.programs > 0) result.kept.emplace_back().capacity_hint = request.first_program + 1;
    return result;
  }

  void fresh_process() override { ++fresh; }
  void show_output(bool) override {}

  Case failing_case() const {
    Case input;
    input.program.prefill = {{1, 10}, {2, 20}};
    for (unsigned thread = 0; thread < behaviour_.threads; ++thread) {
      std::vector<Operation> operations(behaviour_.operations, Operation{OpKind::find, 1, 0});
      operations.back() = {OpKind::insert, 4 + thread, 40 + thread};
      input.program.threads.push_back(operations);
    }
    const auto last = static_cast<std::uint16_t>(behaviour_.operations - 1);
    input.choices = {{1, last, 2 + behaviour_.added_events, ChoiceKind::schedule, 2}};
    return input;
  }

  std::function<void(const ExploreRequest&)> heard;
  unsigned executions = 0;
  unsigned fresh = 0;
  std::vector<ExploreRequest> requests;

 private:
  struct Run {
    const Case& input;
    bool trace;
    Execution result;
    std::uint64_t hash = 1;
    std::uint32_t time = 0;
    std::vector<bool> started;
  };

  void record(Run& run, TraceEvent event) {
    run.hash = mix(run.hash ^ mix(event.thread * 1000003u + event.op * 1009u + event.event * 13u +
                                  static_cast<unsigned>(event.kind)));
    ++run.result.steps;
    run.result.trace.events.push_back(event);
  }
  static std::uint64_t mix(std::uint64_t x) { return (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ULL + 1; }

  void run_thread(Run& run, std::size_t index) {
    if (run.started[index]) return;
    run.started[index] = true;
    const auto thread = static_cast<ThreadId>(index + 1);
    for (OpIndex op = 0; op < run.input.program.threads[index].size(); ++op) {
      const Operation& operation = run.input.program.threads[index][op];
      record(run, {thread, op, EventKind::op_begin});
      const std::size_t call = run.result.history.calls.size();
      run.result.history.calls.push_back({.thread = thread, .op = op, .operation = operation, .invoked = ++run.time});
      std::uint32_t event = 0;
      for (unsigned i = 0; i < behaviour_.added_events; ++i)
        step(run, thread, op, ++event, EventKind::atomic_load, added_pc);
      step(run, thread, op, ++event, EventKind::atomic_load, load_pc);
      const bool preempted = step(run, thread, op, ++event, EventKind::write, behaviour_.write_pc);
      if (preempted && operation.kind == OpKind::insert && !behaviour_.repaired) {
        constexpr std::string_view told = "B's insert(5, 41) returned true, but 5 is not there.";
        run.result.violation = {Outcome::not_linearizable, "lost key", {reason::OwnCheck{.text = told}}, {}};
      }
      step(run, thread, op, ++event, EventKind::atomic_store, store_pc);
      run.result.history.calls[call].returned = ++run.time;
      run.result.history.calls[call].status = CallStatus::returned;
      run.result.history.calls[call].flag = true;
      record(run, {thread, op, EventKind::op_end});
    }
  }

  bool step(Run& run, ThreadId thread, OpIndex op, std::uint32_t event, EventKind kind, std::uint64_t pc) {
    record(run, {thread, op, kind, 8, 0, event, pc, 0x1000, 7});
    for (const Choice& choice : run.input.choices) {
      if (choice.thread != thread || choice.op != op || choice.event != event || choice.take == 0) continue;
      const std::size_t other = choice.take - 1;
      if (other >= run.started.size() || run.started[other]) continue;
      run.result.choices.push_back(choice);
      record(run, {thread, op, EventKind::switched, 0, 1, event, pc, 0, choice.take});
      ++run.result.switches;
      ++run.result.preemptions;
      run_thread(run, other);
      return std::any_of(run.input.program.threads[other].begin(), run.input.program.threads[other].end(),
                         [](const Operation& o) { return o.kind == OpKind::insert; });
    }
    return false;
  }

  FakeBehaviour behaviour_;
};

/// Leaves out threads and operations one by one, as long as the failure stays.
inline ShrinkResult fake_shrink(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                                const ShrinkOptions&) {
  ShrinkResult result;
  result.best = failing;
  for (bool smaller = true; smaller;) {
    smaller = false;
    while (result.best.program.threads.size() > 2) {
      Case next = result.best;
      next.program.threads.pop_back();
      const Execution execution = executor.execute(next, false);
      ++result.runs;
      if (execution.violation.outcome != outcome) break;
      if (!label.empty() && execution.violation.label != label) break;
      result.best = next, smaller = true;
    }
  }
  result.execution = executor.execute(result.best, true);
  result.removals_checked = 3;
  result.minimality = Minimality::irreducible;
  return result;
}

inline MapInfo fake_map(const std::string& name) {
  MapInfo map;
  map.name = name;
  map.bundled = true;
  map.operations = op_bit(OpKind::insert) | op_bit(OpKind::find);
  map.build = "0123456789abcdef";
  map.claims.concurrent_use = ConcurrentUse::all_operations;
  return map;
}

}  // namespace mapquake::testing
