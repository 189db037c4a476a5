#include "reports/event_words.hpp"

#include "harness/choice/pause.hpp"
#include "harness/choice/processors.hpp"
#include "reports/fault_stacks.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace mapquake::reports {
namespace {

std::string text_of(std::uint64_t kind) {
  static constexpr std::array<const char*, choice_kind_count> texts{
      "switch",
      "the map's own choice",
      "this allocation fails",
      "user code throws here",
      "stands still",
      "everything stands still",
      "wakes up without a reason",
      "the compare-exchange fails spuriously",
      "the try_lock fails",
      "the wait times out",
      "the clock jumps",
      "the map's failure point fires",
      "memory freed last is reused",
      "reads an older value",
      "the thread stops",
      "the block lies elsewhere",
      "the number of processors is another",
      "random numbers are another sequence",
      "thread ids are equal in their low bits",
      "the thread has the identity of one that has ended",
      "the reader waits behind a writer that waits",
      "another thread is woken than the one that has waited longest"};
  return kind < texts.size() ? texts[kind] : "a fault";
}

std::string place_text(std::uint64_t take) {
  switch (take) {
    case 1:
      return "the block ends where a page ends";
    case 2:
      return "the block's address equals that of the last one in its low 16 bits";
    default:
      return "the block lies below earlier ones";
  }
}

}  // namespace

std::string fault_text(const Trace& trace, std::size_t position) {
  const TraceEvent& fault = trace.events[position];
  const auto kind = static_cast<ChoiceKind>(fault.value);
  if (kind == ChoiceKind::alloc_fail) return failed_allocation_text(trace, position);
  if (kind == ChoiceKind::user_throw) return thrown_text(trace, position);
  if (kind == ChoiceKind::crash) return fault.address == 2 ? "the thread ends here" : "the thread stops for good";
  if (kind == ChoiceKind::pause && fault.address == pause_for_live_bytes) {
    return "everything stands still for a nanosecond per live byte";
  }
  if (kind == ChoiceKind::place) return place_text(fault.address);
  if (kind == ChoiceKind::processors && fault.address < processor_counts.size()) {
    return fmt::format("hardware_concurrency() says {}", processor_counts[fault.address]);
  }
  const auto power_of_two = [&](double unit_ns) {
    return time_text(std::ldexp(unit_ns, static_cast<int>(fault.address)));
  };
  const std::string text = text_of(fault.value);
  if (kind == ChoiceKind::delay || kind == ChoiceKind::pause) return fmt::format("{} for {}", text, power_of_two(1));
  if (kind == ChoiceKind::clock_jump) return fmt::format("{} by {}", text, power_of_two(1e6));
  return text;
}

bool writes(EventKind kind) {
  return kind == EventKind::write || kind == EventKind::atomic_store || kind == EventKind::atomic_rmw;
}

bool accesses(EventKind kind) {
  return writes(kind) || kind == EventKind::read || kind == EventKind::atomic_load;
}

bool conflict(const TraceEvent& a, const TraceEvent& b) {
  if (!accesses(a.kind) || !accesses(b.kind) || (!writes(a.kind) && !writes(b.kind))) return false;
  const std::uint64_t a_end = a.address + std::max<std::uint64_t>(a.size, 1);
  const std::uint64_t b_end = b.address + std::max<std::uint64_t>(b.size, 1);
  return a.address < b_end && b.address < a_end;
}

bool is_locking(EventKind kind) {
  return kind >= EventKind::lock && kind <= EventKind::unlock_shared;
}

bool is_notifying(EventKind kind) {
  return kind == EventKind::cond_signal || kind == EventKind::cond_broadcast || kind == EventKind::futex_wake;
}

bool is_of_harness(EventKind kind) {
  return kind == EventKind::op_begin || kind == EventKind::op_end || kind == EventKind::switched ||
         kind == EventKind::blocked || kind == EventKind::resumed || kind == EventKind::fault ||
         kind == EventKind::thread_start || kind == EventKind::stale_read || kind == EventKind::stale_write ||
         kind == EventKind::told;
}

bool ends_at_an_access(Outcome outcome) {
  switch (outcome) {
    case Outcome::crash:
    case Outcome::abort:
    case Outcome::exit:
    case Outcome::stack_overflow:
    case Outcome::hang:
    case Outcome::data_race:
    case Outcome::use_after_free:
    case Outcome::out_of_bounds:
    case Outcome::double_free:
    case Outcome::mismatched_free:
    case Outcome::invariant_broken:
    case Outcome::out_of_memory:
    case Outcome::budget_exceeded:
      return true;
    default:
      return false;
  }
}

bool calls_itself(Outcome outcome) {
  return outcome == Outcome::abort || outcome == Outcome::exit || outcome == Outcome::invariant_broken;
}

}  // namespace mapquake::reports
