#include "harness/worker/moved_fault.hpp"

#include "harness/strategy/bounded.hpp"
#include "harness/strategy/nth_fault.hpp"
#include "harness/strategy/pinned.hpp"
#include "harness/worker/answers.hpp"

namespace mapquake {

namespace {

/// Places behind so many others of one operation are not tried: small cases, which alone are searched, have few.
constexpr std::uint32_t places_max = 512;
constexpr std::size_t schedules_max = std::size_t{1} << 14;

class PlaceSearch {
 public:
  PlaceSearch(JudgedRuns& runs, const SearchRequest& request, const runtime::Recording& recording, Live& live,
              const std::function<bool(const Violation&)>& wanted)
      : runs_(runs),
        request_(request),
        recording_(recording),
        live_(live),
        wanted_(wanted),
        plan_(plan_for(request.pinned)),
        left_(request.executions_max) {
    plan_.enabled |= fault_bit(request.moved.kind);
    plan_.threads_end |= request.moved.kind == ChoiceKind::crash && request.moved.take == 2;
  }

  bool go() {
    for (std::uint32_t depth = 0; depth <= request_.depth && !spent(); ++depth) {
      for (std::size_t thread = 0; thread < request_.program.threads.size(); ++thread) {
        for (std::size_t op = 0; op < request_.program.threads[thread].size(); ++op) {
          if (in_operation(static_cast<ThreadId>(thread + 1), static_cast<OpIndex>(op), depth)) return true;
        }
      }
    }
    return false;
  }

 private:
  bool spent() const { return left_ == 0 || live_.stop.load(std::memory_order_relaxed) != 0; }

  bool in_operation(ThreadId thread, OpIndex op, std::uint32_t depth) {
    for (std::uint32_t n = 1; n <= places_max && !spent(); ++n) {
      const NthFault::Target target{request_.moved.kind, thread, op, n, request_.moved.take};
      bool reached = false;
      if (at_place(target, depth, reached)) return true;
      if (!reached) return false;
    }
    return false;
  }

  bool at_place(const NthFault::Target& target, std::uint32_t depth, bool& reached) {
    BoundedSearch every(depth, schedules_max);
    while (!spent() && every.next()) {
      NthFault with_fault(every, target);
      PinnedStrategy with_others(with_fault, request_.pinned);
      Strategy& strategy =
          request_.pinned.empty() ? static_cast<Strategy&>(with_fault) : static_cast<Strategy&>(with_others);
      const Violation& violation = runs_.run(request_.program, strategy, 0, recording_, plan_);
      --left_;
      tally(live_);
      reached |= with_fault.reached();
      if (wanted_(violation)) return true;
    }
    return false;
  }

  JudgedRuns& runs_;
  const SearchRequest& request_;
  const runtime::Recording& recording_;
  Live& live_;
  const std::function<bool(const Violation&)>& wanted_;
  runtime::FaultPlan plan_;
  std::uint64_t left_;
};

}  // namespace

bool search_places(JudgedRuns& runs, const SearchRequest& request, const runtime::Recording& recording, Live& live,
                   const std::function<bool(const Violation&)>& wanted) {
  return PlaceSearch(runs, request, recording, live, wanted).go();
}

}  // namespace mapquake
