// Threads that do nothing but pass points, scheduled by a strategy: enough of a runtime to test strategies on.
#pragma once

#include "harness/base/assert.hpp"
#include "harness/strategy/strategy.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

namespace mapquake::toy {

struct ToyProgram {
  std::vector<unsigned> events;  ///< per thread; thread i is ThreadId i + 1
  /// Thread and event (from 1) that repeat as a yield until the given thread has ended; 0: no such wait.
  ThreadId spinner = 0;
  unsigned spin_event = 0;
  ThreadId spins_for = 0;
  /// What the thread's event (from 1) touches; empty: nothing that is known.
  std::function<NextStep(ThreadId thread, unsigned event)> steps = {};
  /// As in the runtime: a thread that is switched to does what it stands before, and is not asked there again.
  bool asked_once = false;
};

struct ToyRun {
  std::vector<ThreadId> order;  ///< thread of each event that happened
  std::vector<Choice> choices;  ///< switches other than the default ones
  unsigned preemptions = 0;
  unsigned yields = 0;
  std::set<ChoiceKind> faults;
};

/// Every event is one point before it; threads end with a forced switch. Asserts that answers are ready threads.
inline ToyRun run(Strategy& strategy, std::uint64_t seed, const ToyProgram& program) {
  ToyRun result;
  const auto count = static_cast<unsigned>(program.events.size());
  strategy.begin(seed, count);
  std::vector<unsigned> done(count + 1, 0);
  std::vector<unsigned> asked(count + 1, 0);
  std::vector<bool> stands_there(count + 1, false);
  std::vector<ThreadId> ready;
  for (ThreadId thread = 1; thread <= count; ++thread) ready.push_back(thread);
  const auto ask = [&](const Point& point) {
    const ThreadId next = strategy.next_thread(point, ready);
    MQ_ASSERT(std::binary_search(ready.begin(), ready.end(), next));
    if (next != default_thread(point, ready)) {
      result.choices.push_back({point.thread, point.op, point.event, ChoiceKind::schedule, next});
    }
    if (point.can_continue && !point.yielding && next != point.thread) ++result.preemptions;
    return next;
  };
  ThreadId current = ask({.thread = main_thread, .event = 1, .can_continue = false});
  while (!ready.empty()) {
    MQ_ASSERT(result.order.size() < 10'000);
    if (program.asked_once && stands_there[current]) {
      stands_there[current] = false;
      ++done[current];
      result.order.push_back(current);
      continue;
    }
    const bool ended = done[current] == program.events[current - 1];
    if (ended) std::erase(ready, current);
    if (ready.empty()) break;
    const bool target_alive =
        program.spins_for != 0 && std::find(ready.begin(), ready.end(), program.spins_for) != ready.end();
    const bool spins = current == program.spinner && done[current] + 1 == program.spin_event && target_alive;
    result.yields += spins ? 1 : 0;
    const ThreadId before = current;
    stands_there[current] = program.asked_once && !ended && !spins;
    const NextStep next = program.steps && !ended ? program.steps(current, done[current] + 1) : NextStep{};
    current = ask({.thread = current,
                   .event = ++asked[current],
                   .can_continue = !ended,
                   .yielding = !ended && spins,
                   .next = next});
    if (current != before || ended || spins || program.asked_once) continue;
    ++done[current];
    result.order.push_back(current);
  }
  std::sort(result.choices.begin(), result.choices.end());
  return result;
}

}  // namespace mapquake::toy
