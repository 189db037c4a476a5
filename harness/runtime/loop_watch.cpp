#include "harness/runtime/loop_watch.hpp"

#include "harness/base/rng.hpp"

namespace mapquake::runtime {

void LoopWatch::pass(ThreadId thread, const TraceEvent& event, std::uint64_t step, std::uint64_t last_progress) {
  if (now_.began <= last_progress || now_.began < now_.again_at) {
    now_.began = now_.last_new = step;
    now_.at_points.reset();
    seen_.reset();
  }
  const std::uint64_t what = mix64(event.pc ^ mix64(event.address ^ (std::uint64_t{thread} << 48)));
  if (!seen_.test(what % bits)) {
    seen_.set(what % bits);
    now_.last_new = step;
    now_.at_points.reset();
  }
  if (event.kind != EventKind::read && event.kind != EventKind::write) now_.at_points.set(thread);
}

}  // namespace mapquake::runtime
