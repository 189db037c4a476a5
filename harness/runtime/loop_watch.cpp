#include "harness/runtime/loop_watch.hpp"

#include "harness/base/rng.hpp"

namespace mapquake::runtime {

void LoopWatch::pass(ThreadId thread, const TraceEvent& event, std::uint64_t step, std::uint64_t last_progress) {
  if (now_.began <= last_progress || now_.began < now_.again_at) {
    now_.began = now_.last_new = step;
    now_.at_a_point.reset();
    now_.at_points.reset();
    seen_.reset();
  }
  const std::uint64_t what = mix64(event.pc ^ mix64(event.address ^ (std::uint64_t{thread} << 48)));
  const std::uint64_t one = what % bits, other = (what >> 32) % bits;
  if (!seen_.test(one) || !seen_.test(other)) {
    seen_.set(one);
    seen_.set(other);
    now_.last_new = step;
    now_.at_a_point.reset();
    now_.at_points.reset();
  }
  if (event.kind == EventKind::read || event.kind == EventKind::write) return;
  // Who comes by one alone may have ended its work there, and what is new may look as if it had been seen.
  now_.at_points.set(thread, now_.at_a_point.test(thread));
  now_.at_a_point.set(thread);
}

}  // namespace mapquake::runtime
