// What an execution says about others: which steps could happen in another order, and where to try.
#include "harness/strategy/dpor.hpp"

#include <algorithm>
#include <bit>

namespace mapquake {
namespace {

template <class Clock>
void join(Clock& into, const Clock& other) {
  for (std::size_t thread = 0; thread < into.size(); ++thread) into[thread] = std::max(into[thread], other[thread]);
}

}  // namespace

/// Gives the step its clock, and adds backtrack points for its races with earlier ones.
void PartialOrderSearch::analyse(std::size_t at) {
  Step& step = steps_[at];
  step.clock = {};
  step.number = 1;
  for (std::size_t i = at; i-- > 1;) {
    if (steps_[i].thread != step.thread) continue;
    step.clock = steps_[i].clock;
    step.number = static_cast<std::uint16_t>(steps_[i].number + 1);
    break;
  }
  // What made it ready cannot come after it.
  if (step.enabler != nowhere) join(step.clock, steps_[step.enabler].clock);
  const Clock before = step.clock;
  for (std::size_t i = at; i-- > 1;) {
    const Step& earlier = steps_[i];
    if (earlier.thread == step.thread || before[earlier.thread] >= earlier.number) continue;
    // With a bound, races behind others count too: the way round by those may lie beyond it.
    const bool is_behind = step.clock[earlier.thread] >= earlier.number;
    if ((is_behind && !is_bounded()) || !earlier.did.conflicts_with(step.did)) continue;
    const bool waited_for_it =
        step.waits_for != 0 && std::ranges::find(earlier.let_go, step.waits_for) != earlier.let_go.end();
    // A mutex cannot be taken before it is let go, but before it was taken.
    if (!waited_for_it) add_race(i, at, before);
    join(step.clock, earlier.clock);
  }
  for (const std::size_t rival : step.rivals) {
    const Step& earlier = steps_[rival];
    if (earlier.thread != step.thread && before[earlier.thread] < earlier.number) add_race(rival, at, before);
  }
  step.clock[step.thread] = step.number;
}

void PartialOrderSearch::add_race(std::size_t earlier, std::size_t later, const Clock& before_later) {
  if (is_bounded()) {
    add_conservatively(earlier, steps_[later].thread);
  } else {
    add_source(earlier, later, before_later);
  }
}

/// Some thread that can begin what does not happen after `earlier`, up to and with `later`, is to be tried there.
void PartialOrderSearch::add_source(std::size_t earlier, std::size_t later, const Clock& before_later) {
  Step& there = steps_[earlier];
  const auto follows = [](const Clock& clock, const Step& step) { return clock[step.thread] >= step.number; };
  ThreadSet begun = 0;     // threads with a step among those
  ThreadSet initials = 0;  // whose first one follows none of the others
  const auto add = [&](std::size_t upto, ThreadId thread, const Clock& clock) {
    if ((begun & bit(thread)) != 0) return;
    begun |= bit(thread);
    for (std::size_t i = earlier + 1; i < upto; ++i) {
      if (!follows(steps_[i].clock, there) && follows(clock, steps_[i])) return;
    }
    initials |= bit(thread);
  };
  Clock clock = before_later;
  for (std::size_t i = earlier + 1; i < later; ++i) {
    const Step& between = steps_[i];
    if (follows(between.clock, there)) continue;
    add(i, between.thread, between.clock);
    if (between.did.conflicts_with(steps_[later].did)) join(clock, between.clock);
  }
  add(later, steps_[later].thread, clock);
  if ((initials & there.backtrack) != 0) return;
  const ThreadSet possible = initials & there.enabled;
  const ThreadSet wanted = possible & bit(steps_[later].thread);
  // Where none is possible, the later step waits for the earlier one.
  if (possible != 0) there.backtrack |= wanted != 0 ? wanted : bit(static_cast<ThreadId>(std::countr_zero(possible)));
}

/// The thread is to be tried before `earlier`, and where the thread of that was switched to: there it may cost less.
void PartialOrderSearch::add_conservatively(std::size_t earlier, ThreadId thread) {
  const auto add = [&](Step& there) {
    there.backtrack |= (there.enabled & bit(thread)) != 0 ? bit(thread) : there.enabled;
  };
  add(steps_[earlier]);
  std::size_t block = earlier;
  while (block > 1 && steps_[block - 1].thread == steps_[earlier].thread) --block;
  add(steps_[block]);
}

}  // namespace mapquake
