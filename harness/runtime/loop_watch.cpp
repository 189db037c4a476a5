#include "harness/runtime/loop_watch.hpp"

#include "harness/base/rng.hpp"

#include <utility>

namespace mapquake::runtime {

namespace {
constexpr std::size_t index_of(LoopKind kind) {
  return static_cast<std::size_t>(kind);
}
}  // namespace

void LoopWatch::begin_execution(const KnownLoops& known, std::uint64_t steps_max) {
  was_wrong_ |= now_.would_believe && !now_.ended_so;
  if (known.execution != execution_) {
    execution_ = known.execution;
    for (std::size_t kind = 0; kind < kinds; ++kind) proven_[kind] |= proven_now_[kind];
    doubts_ -= doubts_ != 0;
    if (std::exchange(was_wrong_, false)) {
      doubts_ = next_doubts_;
      next_doubts_ = std::min(2 * next_doubts_, doubts_max);
    }
  }
  now_ = {.patience = known.any() ? patience_again_steps : std::max(patience_steps, steps_max / patience_part)};
  const bool proven = proven_[0].any() || proven_[1].any();
  if (!known.any() || !proven || doubts_ != 0) return;
  now_.patience = patience_proven_steps;
  now_.believes = execution_ % probe_every != 0;
}

bool LoopWatch::is_believed(std::uint64_t step, LoopKind kind) {
  const bool long_enough =
      now_.began != 0 && now_.began >= now_.again_at && step >= now_.last_stray[index_of(kind)] + believed_steps;
  now_.would_believe |= long_enough;
  return long_enough && now_.believes;
}

void LoopWatch::ends_with(std::uint64_t step, LoopKind kind) {
  now_.ended_so = true;
  if (loops(step)) proven_now_[index_of(kind)] |= code_;
}

void LoopWatch::pass(ThreadId thread, const TraceEvent& event, std::uint64_t stack_used_bytes, std::uint64_t step,
                     std::uint64_t last_progress) {
  if (now_.began <= last_progress || now_.began < now_.again_at) {
    now_.began = step;
    now_.deepest_bytes = 0;
    note_change(step);
    now_.at_a_point.reset();
    now_.at_points.reset();
    seen_.reset();
  }
  const std::uint64_t what = mix64(event.pc ^ mix64(event.address ^ (std::uint64_t{thread} << 48)));
  const std::uint64_t one = what % bits, other = (what >> 32) % bits;
  const bool deeper = stack_used_bytes > now_.deepest_bytes;
  now_.deepest_bytes = std::max(now_.deepest_bytes, stack_used_bytes);
  if (deeper || !seen_.test(one) || !seen_.test(other)) {
    seen_.set(one);
    seen_.set(other);
    note_change(step);
    now_.at_a_point.reset();
    now_.at_points.reset();
  }
  const std::size_t code = mix64(event.pc) % code_.size();
  code_.set(code);
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    if (!proven_[kind].test(code)) now_.last_stray[kind] = step;
  }
  if (event.kind == EventKind::read || event.kind == EventKind::write) return;
  // Who comes by one alone may have ended its work there, and what is new may look as if it had been seen.
  now_.at_points.set(thread, now_.at_a_point.test(thread));
  now_.at_a_point.set(thread);
}

}  // namespace mapquake::runtime
