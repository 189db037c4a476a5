#include "reports/fault_stacks.hpp"

#include "harness/history/witness_words.hpp"
#include "reports/frames.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mapquake::reports {
namespace {

constexpr std::size_t points_shown_max = 3;
constexpr std::size_t frames_shown_max = 6;

std::string text_of(const Trace& trace, std::size_t position) {
  switch (static_cast<ChoiceKind>(trace.events[position].value)) {
    case ChoiceKind::alloc_fail:
      return failed_allocation_text(trace, position);
    case ChoiceKind::user_throw:
      return thrown_text(trace, position);
    case ChoiceKind::declared:
      return "the map's failure point fires";
    default:
      return {};
  }
}

std::string promise_of(const Claims& claims) {
  switch (claims.on_bad_alloc) {
    case ExceptionGuarantee::strong:
      return "the strong guarantee: a call that throws has had no effect, leaves no lock held and nothing allocated; "
             "one that returns has done all that it should";
    case ExceptionGuarantee::basic:
      return "the basic guarantee: a call that throws leaves a valid map, other keys unharmed, no lock held and "
             "nothing leaked; one that returns has done all that it should";
    case ExceptionGuarantee::none:
      return "nothing for a call that throws";
  }
  return {};
}

}  // namespace

std::string thrown_text(const Trace& trace, std::size_t position) {
  static constexpr std::size_t count = static_cast<std::size_t>(abi::UserCode::value_hash) + 1;
  static constexpr std::array<const char*, count> names{"the callback of update",
                                                        "the function that makes the value",
                                                        "the visitor",
                                                        "the predicate",
                                                        "the default constructor of a key",
                                                        "the copying of a key",
                                                        "the move of a key",
                                                        "the comparison of keys",
                                                        "the hash of a key",
                                                        "the default constructor of a value",
                                                        "the copying of a value",
                                                        "the move of a value",
                                                        "the comparison of values",
                                                        "the hash of a value"};
  const TraceEvent& fault = trace.events[position];
  for (std::size_t i = position; i-- > 0;) {
    const TraceEvent& event = trace.events[i];
    if (event.thread != fault.thread || event.kind != EventKind::user_code) continue;
    return std::string(event.value < names.size() ? names[event.value] : "user code") + " throws";
  }
  return "user code throws";
}

std::string failed_allocation_text(const Trace& trace, std::size_t position) {
  const TraceEvent& fault = trace.events[position];
  unsigned nth = 0;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < position; ++i) {
    const TraceEvent& event = trace.events[i];
    if (event.thread != fault.thread || event.op != fault.op || event.kind != EventKind::alloc) continue;
    ++nth;
    bytes = event.value;
  }
  return fmt::format("allocation {} of the operation fails ({}){}", nth, counted_bytes(bytes),
                     fault.address == 2 ? ", and all after it" : "");
}

std::vector<FailurePoint> failure_points(const Execution& execution, const SiteFunction& site) {
  std::vector<FailurePoint> points;
  for (std::size_t i = 0; i < execution.trace.events.size(); ++i) {
    const TraceEvent& event = execution.trace.events[i];
    if (event.kind != EventKind::fault) continue;
    std::string text = text_of(execution.trace, i);
    if (!text.empty()) points.push_back({event.thread, event.op, std::move(text), telling_frames(event, site)});
  }
  return points;
}

std::string failure_points_text(const Execution& execution, const SiteFunction& site, const MapInfo& map,
                                std::size_t width) {
  const std::vector<FailurePoint> points = failure_points(execution, site);
  std::string text;
  for (std::size_t i = 0; i < std::min(points.size(), points_shown_max); ++i) {
    const FailurePoint& point = points[i];
    const auto is_its_call = [&](const Call& call) { return call.thread == point.thread && call.op == point.op; };
    const auto call = std::ranges::find_if(execution.history.calls, is_its_call);
    const std::string where = call == execution.history.calls.end() ? "" : " " + to_string(call->operation) + ",";
    text += fmt::format("\n{}'s{} {}:\n", thread_name(point.thread), where, point.text);
    for (std::size_t n = 0; n < std::min(point.frames.size(), frames_shown_max); ++n) {
      const Site& frame = point.frames[n];
      text += shortened("     " + to_line(frame), width) + '\n';
    }
  }
  if (points.size() > points_shown_max) text += fmt::format("… {} more\n", points.size() - points_shown_max);
  if (!text.empty()) text += wrapped("Promised: ", promise_of(map.claims) + ".", width);
  return text;
}

}  // namespace mapquake::reports
