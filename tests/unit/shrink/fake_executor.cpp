#include "tests/unit/shrink/fake_executor.hpp"

#include "harness/base/assert.hpp"
#include "harness/strategy/bounded.hpp"
#include "harness/strategy/nth_fault.hpp"
#include "harness/strategy/pct.hpp"
#include "harness/strategy/pinned.hpp"
#include "harness/strategy/random_walk.hpp"

#include <algorithm>
#include <memory>

namespace mapquake::fake {
namespace {

/// Where a thread of the program stands.
struct Position {
  OpIndex op = 0;
  std::uint32_t event = 1;    ///< the next one
  bool point_passed = false;  ///< its scheduling point came already
};

bool is_wanted(const SearchRequest& request, const Violation& violation) {
  if (violation.outcome == Outcome::clean) return false;
  if (request.outcome != Outcome::clean && violation.outcome != request.outcome) return false;
  return request.label.empty() || violation.label == request.label;
}

}  // namespace

Execution FakeExecutor::run(Strategy& strategy, std::uint64_t seed, const Program& program) {
  ++runs;
  Execution execution;
  std::vector<Step> steps;
  const std::size_t count = program.threads.size();
  MQ_ASSERT(count > 0);
  std::vector<Position> positions(count + 1);
  std::vector<ThreadId> ready;
  for (std::size_t thread = 1; thread <= count; ++thread) {
    MQ_ASSERT(!program.threads[thread - 1].empty());
    ready.push_back(static_cast<ThreadId>(thread));
  }
  strategy.begin(seed, static_cast<unsigned>(count));
  const auto ask = [&](const Point& point) {
    const ThreadId next = strategy.next_thread(point, ready);
    MQ_ASSERT(std::binary_search(ready.begin(), ready.end(), next));
    if (next != default_thread(point, ready)) {
      execution.choices.push_back({point.thread, point.op, point.event, ChoiceKind::schedule, next});
    }
    execution.preemptions += point.can_continue && next != point.thread ? 1 : 0;
    return next;
  };
  ThreadId current = ask({.thread = main_thread, .event = 1, .can_continue = false});
  while (true) {
    Position& at = positions[current];
    const auto& operations = program.threads[current - 1u];
    const Point point{.thread = current, .op = at.op, .event = at.event};
    if (!std::exchange(at.point_passed, true)) {
      current = ask(point);
      if (current != point.thread) continue;
    }
    Step step{point.thread, at.op, at.event, operations[at.op], 0};
    if (at.event == fault_event) {
      step.fault = strategy.next_choice(point, ChoiceKind::alloc_fail, 2);
      if (step.fault != 0) {
        execution.choices.push_back({point.thread, point.op, point.event, ChoiceKind::alloc_fail, step.fault});
        ++execution.faults;
      }
    }
    steps.push_back(step);
    at.point_passed = false;
    if (at.event++ < events_per_op) continue;
    at.event = 1;
    if (++at.op < operations.size()) continue;
    std::erase(ready, point.thread);
    if (ready.empty()) break;
    current = ask({.thread = point.thread, .op = at.op, .event = 1, .can_continue = false});
  }
  std::sort(execution.choices.begin(), execution.choices.end());
  execution.violation.label = predicate_(program, steps);
  if (unreliable_every != 0 && runs % unreliable_every == 0) execution.violation.label.clear();
  if (!execution.violation.label.empty()) execution.violation.outcome = Outcome::invariant_broken;
  execution.steps = steps.size();
  steps_ = std::move(steps);
  return execution;
}

Execution FakeExecutor::execute(const Case& input, bool trace) {
  Replay replay(input.choices);
  steps_.clear();
  Execution execution = run(replay, 0, input.program);
  if (!trace) return execution;
  for (const Step& step : steps_) {
    execution.trace.events.push_back(
        {.thread = step.thread, .op = step.op, .kind = EventKind::atomic_rmw, .event = step.event});
  }
  return execution;
}

SearchResult FakeExecutor::search_places(const SearchRequest& request) {
  SearchResult result;
  for (std::size_t thread = 0; thread < request.program.threads.size(); ++thread) {
    for (std::size_t op = 0; op < request.program.threads[thread].size(); ++op) {
      BoundedSearch bounded(request.depth, 100'000);
      while (result.executions < request.executions_max && bounded.next()) {
        NthFault moved(bounded,
                       {request.moved.kind, static_cast<ThreadId>(thread + 1), static_cast<std::uint16_t>(op)});
        PinnedStrategy pinned(moved, request.pinned);
        Execution execution = run(pinned, 0, request.program);
        ++result.executions;
        if (!is_wanted(request, execution.violation)) continue;
        result.found = true;
        result.execution = std::move(execution);
        return result;
      }
    }
  }
  return result;
}

SearchResult FakeExecutor::search(const SearchRequest& request) {
  if (request.kind == SearchKind::places) return search_places(request);
  SearchResult result;
  RandomWalk walk(request.fault_mask);
  Pct pct(std::max(request.depth, 1u), request.fault_mask);
  std::unique_ptr<BoundedSearch> bounded;
  Strategy* strategy = &walk;
  if (request.kind == SearchKind::pct) strategy = &pct;
  if (request.kind == SearchKind::bounded) {
    bounded = std::make_unique<BoundedSearch>(request.depth, 100'000);
    strategy = bounded.get();
  }
  PinnedStrategy pinned(*strategy, request.pinned);
  while (result.executions < request.executions_max) {
    if (bounded && !bounded->next()) break;
    Execution execution = run(pinned, request.seed + result.executions, request.program);
    ++result.executions;
    pct.note_length(pct.points());
    if (!is_wanted(request, execution.violation)) continue;
    result.found = true;
    result.execution = std::move(execution);
    return result;
  }
  result.exhausted = bounded && (bounded->exhausted() || (!bounded->next() && bounded->exhausted()));
  return result;
}

ExploreResult FakeExecutor::explore(const ExploreRequest& request, ExploreProgress& progress) {
  (void)request, (void)progress;
  return {};
}

}  // namespace mapquake::fake
