#include "harness/strategy/dpor.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"

#include <algorithm>
#include <bit>

namespace mapquake {

PartialOrderSearch::PartialOrderSearch(Options options) : options_(options) {
  // Only what a step answers for itself: other kinds stop threads, or move time or memory for all of them.
  MQ_ASSERT((options.fault_mask & ~explored_kinds) == 0);
}

bool PartialOrderSearch::next() {
  if (done_) return false;
  if (steps_.empty()) {
    steps_.emplace_back();
    steps_.back().enabled = steps_.back().backtrack = bit(main_thread);
    fresh_from_ = 0;
    return true;
  }
  if (follows_ && records_) end_step();
  if (at_ + 1 < steps_.size()) {
    // It ended before it was where the one that it repeats went on.
    fill_gap(Gap::diverged);
    steps_.resize(at_ + 1);
  }
  for (std::size_t at = std::max<std::size_t>(fresh_from_, 1); at < steps_.size(); ++at) analyse(at);
  return advance();
}

bool PartialOrderSearch::advance() {
  while (!steps_.empty()) {
    Step& last = steps_.back();
    if (take_another_answer(last) || (steps_.size() > 1 && take_another_thread(last))) {
      fresh_from_ = steps_.size() - 1;
      return true;
    }
    steps_.pop_back();
  }
  done_ = true;
  return false;
}

bool PartialOrderSearch::take_another_answer(Step& step) {
  while (!step.answers.empty() && step.answers.back().take + 1 == step.answers.back().n) step.answers.pop_back();
  if (step.answers.empty()) return false;
  ++step.answers.back().take;
  step.did_before.add(step.did);
  return true;
}

bool PartialOrderSearch::take_another_thread(Step& step) {
  step.done |= bit(step.thread);
  if (!is_bounded()) {
    step.did_before.add(step.did);
    step.sleep.push_back({step.thread, step.did_before});
  }
  ThreadSet left = step.backtrack & ~step.done;
  for (const Sleeper& sleeper : step.sleep) left &= ~bit(sleeper.thread);
  for (; left != 0; left &= left - 1) {
    const auto thread = static_cast<ThreadId>(std::countr_zero(left));
    if (!is_within_bound(step, thread)) continue;
    step.thread = thread;
    step.answers.clear();
    step.did_before.clear();
    return true;
  }
  return false;
}

bool PartialOrderSearch::preempts(const Step& step, ThreadId thread) {
  const ThreadId asked = step.asked.thread;
  const bool can_stay = step.asked.can_continue && !step.asked.yielding && (step.enabled & bit(asked)) != 0;
  return asked != main_thread && can_stay && asked != thread;
}

bool PartialOrderSearch::is_within_bound(const Step& step, ThreadId thread) const {
  return step.preemptions + (preempts(step, thread) ? 1 : 0) <= options_.preemptions_max;
}

void PartialOrderSearch::begin(std::uint64_t seed, unsigned thread_count) {
  (void)seed, (void)thread_count;
  MQ_ASSERT(!steps_.empty());
  at_ = answer_ = 0;
  follows_ = true;
  records_ = false;
  running_ = main_thread;
  ready_before_ = 0;
  mutexes_.clear();
  for (unsigned thread = 0; thread < seen_; ++thread) standing_[thread] = Standing{};
  seen_ = 1;
}

void PartialOrderSearch::effect(Effect effect, std::uint64_t location, std::uint64_t bytes) {
  if (!follows_ || !records_) return;
  if (effect == Effect::sees_time) fill_gap(Gap::time);
  if (effect == Effect::orders_all) fill_gap(Gap::barrier);
  if (effect == Effect::takes || effect == Effect::lets_go) note_lock(effect, location);
  if (at_ >= fresh_from_) steps_[at_].did.add(effect, location, bytes);
}

void PartialOrderSearch::note_lock(Effect effect, std::uint64_t location) {
  Step& step = steps_[at_];
  auto mutex = std::ranges::find(mutexes_, location, &Mutex::location);
  if (effect == Effect::lets_go) {
    if (mutex != mutexes_.end()) mutex->is_held = false;
    if (at_ >= fresh_from_) step.let_go.push_back(location);
    return;
  }
  if (mutex == mutexes_.end()) {
    mutexes_.push_back({location, at_, true});
    return;
  }
  if (at_ >= fresh_from_) step.rivals.push_back(mutex->taken_at);
  *mutex = {location, at_, true};
}

bool PartialOrderSearch::is_held_by_another(std::uint64_t lock, ThreadId thread) const {
  const Mutex* const mutex = mutex_at(lock);
  return mutex != nullptr && mutex->is_held && steps_[mutex->taken_at].thread != thread;
}

const PartialOrderSearch::Mutex* PartialOrderSearch::mutex_at(std::uint64_t location) const {
  const auto mutex = std::ranges::find(mutexes_, location, &Mutex::location);
  return mutex == mutexes_.end() ? nullptr : &*mutex;
}

std::uint32_t PartialOrderSearch::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  (void)point, (void)kind;
  if (!follows_ || n < 2) return 0;
  if (n > answers_max) {
    fill_gap(Gap::wide_choice);
    return 0;
  }
  Step& step = steps_[at_];
  if (answer_ == step.answers.size()) step.answers.push_back({.n = n});
  const Answer answer = step.answers[answer_++];
  if (answer.n != n) {
    fill_gap(Gap::diverged);
    return 0;
  }
  if (answer.take != 0 && records_) standing_[running_].disturbed = true;
  return answer.take;
}

/// What the running thread was started for has happened.
void PartialOrderSearch::end_step() {
  const Step& step = steps_[at_];
  records_ = false;
  standing_[step.thread].round.add(step.did);
  for (unsigned thread = 0; thread < seen_; ++thread) {
    Standing& other = standing_[thread];
    if (thread == step.thread) continue;
    if (step.did.changes_some_of(other.round)) other.disturbed = true;
    if (other.awaits && step.did.changes_some_of(other.awaited)) other.awaits = false;
  }
}

void PartialOrderSearch::stands_before(const Point& point) {
  Standing& standing = standing_[point.thread];
  standing.pending.clear();
  standing.pending.add(point.next);
  standing.waits_for = point.next.waits ? point.next.location : 0;
  if (!point.yielding) {
    standing.round_hash = mix64(standing.round_hash ^ mix64(point.next.location ^ point.next.code << 20));
    return;
  }
  const bool again = standing.round_hash == standing.last_round_hash;
  if (again && !standing.disturbed && !standing.round.empty()) {
    standing.awaits = true;
    standing.awaited = standing.round;
  }
  standing.last_round_hash = standing.round_hash;
  standing.round_hash = 0;
  standing.round.clear();
  standing.disturbed = false;
}

/// Of the program's threads that are ready, those that may run.
PartialOrderSearch::ThreadSet PartialOrderSearch::enabled_of(std::span<const ThreadId> ready) {
  ThreadSet all = 0;
  ThreadSet loops = 0;
  ThreadSet locked_out = 0;
  for (const ThreadId thread : ready) {
    if (thread == main_thread) continue;
    all |= bit(thread);
    if (standing_[thread].awaits) loops |= bit(thread);
    if (is_held_by_another(standing_[thread].waits_for, thread)) locked_out |= bit(thread);
    if ((ready_before_ & bit(thread)) == 0 && at_ > 0) standing_[thread].enabler = at_;
    seen_ = std::max(seen_, thread + 1u);
  }
  ready_before_ = all;
  if ((loops | locked_out) == all) return all;
  loops_wait_ |= loops != 0;
  return all & ~(loops | locked_out);
}

bool PartialOrderSearch::can_follow(const Point& point, std::span<const ThreadId> ready) {
  if (point.thread >= threads_max || ready.back() >= threads_max) {
    fill_gap(Gap::many_threads);
    return false;
  }
  if (point.thread != running_) {
    fill_gap(Gap::overruled);
    return false;
  }
  if (point.thread == main_thread && point.can_continue) {
    fill_gap(Gap::main_runs);
    return false;
  }
  return true;
}

ThreadId PartialOrderSearch::next_thread(const Point& point, std::span<const ThreadId> ready) {
  follows_ = follows_ && can_follow(point, ready);
  if (!follows_) return default_thread(point, ready);
  if (point.next.plain && point.can_continue) return point.thread;
  if (records_) end_step();
  stands_before(point);
  const ThreadSet enabled = enabled_of(ready);
  if (enabled == 0) return running_ = main_thread;
  if (at_ + 1 == steps_.size()) {
    follows_ = make_step(point, enabled);
  } else if (!is_as_before(steps_[at_ + 1], point, enabled)) {
    fill_gap(Gap::diverged);
    steps_.resize(at_ + 1);
    follows_ = false;
  }
  return follows_ ? start_step() : default_thread(point, ready);
}

bool PartialOrderSearch::is_as_before(const Step& step, const Point& point, ThreadSet enabled) const {
  const Point& asked = step.asked;
  return asked.thread == point.thread && asked.op == point.op && asked.event == point.event &&
         asked.can_continue == point.can_continue && asked.yielding == point.yielding && step.enabled == enabled;
}

/// False: every thread sleeps, and how this execution goes on is known; or it is too long.
bool PartialOrderSearch::make_step(const Point& point, ThreadSet enabled) {
  if (steps_.size() == steps_max) {
    fill_gap(Gap::long_execution);
    return false;
  }
  const Step& last = steps_.back();
  Step step;
  step.asked = point;
  step.enabled = enabled;
  step.preemptions = last.preemptions + (preempts(last, last.thread) ? 1 : 0);
  ThreadSet awake = enabled;
  for (const Sleeper& sleeper : last.sleep) {
    if (sleeper.did.conflicts_with(last.did)) continue;
    step.sleep.push_back(sleeper);
    awake &= ~bit(sleeper.thread);
  }
  if (awake == 0) {
    ++redundant_;
    return false;
  }
  const bool stays = point.can_continue && !point.yielding && (awake & bit(point.thread)) != 0;
  const ThreadSet above = awake & ~(bit(point.thread) | (bit(point.thread) - 1));
  step.thread = stays ? point.thread : static_cast<ThreadId>(std::countr_zero(above != 0 ? above : awake));
  step.backtrack = bit(step.thread);
  steps_.push_back(std::move(step));
  return true;
}

ThreadId PartialOrderSearch::start_step() {
  Step& step = steps_[++at_];
  Standing& standing = standing_[step.thread];
  answer_ = 0;
  running_ = step.thread;
  records_ = true;
  if (at_ >= fresh_from_) {
    step.did = standing.pending;
    step.did.add_read(standing.awaited);
    step.enabler = standing.enabler;
    step.waits_for = standing.waits_for;
    step.let_go.clear();
    step.rivals.clear();
    // An attempt that fails, because nobody else can run.
    if (is_held_by_another(step.waits_for, step.thread)) step.rivals.push_back(mutex_at(step.waits_for)->taken_at);
  }
  standing.enabler = nowhere;
  standing.waits_for = 0;
  standing.awaits = false;
  standing.awaited.clear();
  return step.thread;
}

}  // namespace mapquake
