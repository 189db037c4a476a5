#include "reports/event_words.hpp"
#include "reports/selection.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>

namespace mapquake::reports {
namespace {

constexpr std::size_t shown_per_preemption_max = 3;

/// One preemption or wait: `own` are the thread's accesses of the operation, the pending one last; [begin, end) ran
/// instead.
struct Window {
  std::vector<std::size_t> own;
  std::size_t begin = 0;
  std::size_t end = 0;
};

Window window_at(const Trace& trace, std::size_t switched) {
  const TraceEvent& here = trace.events[switched];
  Window window{{}, switched + 1, trace.events.size()};
  for (std::size_t i = switched; i-- > 0;) {
    const TraceEvent& event = trace.events[i];
    if (event.thread != here.thread) continue;
    if (event.op != here.op || event.kind == EventKind::op_begin) break;
    if (accesses(event.kind)) window.own.push_back(i);
  }
  std::reverse(window.own.begin(), window.own.end());
  for (std::size_t i = switched + 1; i < trace.events.size(); ++i) {
    if (trace.events[i].thread != here.thread) continue;
    window.end = i;
    break;
  }
  return window;
}

/// Where each thread was started by another one; what its starter did before cannot meet anything it does.
std::map<ThreadId, std::pair<ThreadId, std::size_t>> starts_of(const Trace& trace) {
  std::map<ThreadId, std::pair<ThreadId, std::size_t>> starts;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& event = trace.events[i];
    if (event.kind == EventKind::thread_start) starts[static_cast<ThreadId>(event.value)] = {event.thread, i};
  }
  return starts;
}

void collect(const Trace& trace, const Window& window, std::set<std::size_t>& chosen) {
  const auto starts = starts_of(trace);
  const auto comes_before = [&](std::size_t own, ThreadId other) {
    const auto start = starts.find(other);
    return start != starts.end() && start->second.first == trace.events[own].thread && own < start->second.second;
  };
  // Once for each kind of meeting: a loop that reads one word a thousand times tells nothing more than its first read.
  std::set<std::tuple<std::uint64_t, std::uint64_t, ThreadId>> told;
  std::size_t shown = 0;
  for (auto own = window.own.rbegin(); own != window.own.rend() && shown < shown_per_preemption_max; ++own) {
    for (std::size_t i = window.begin; i < window.end && shown < shown_per_preemption_max; ++i) {
      const TraceEvent& other = trace.events[i];
      if (other.thread == trace.events[*own].thread || !conflict(trace.events[*own], other)) continue;
      if (comes_before(*own, other.thread)) continue;
      if (!told.emplace(other.address, other.pc, other.thread).second) continue;
      chosen.insert(i);
      chosen.insert(*own);
      ++shown;
    }
  }
}

/// The accesses that the operation makes when it goes on, until it ends or is preempted again.
std::vector<std::size_t> accesses_after(const Trace& trace, std::size_t switched, const Window& window) {
  const TraceEvent& here = trace.events[switched];
  std::vector<std::size_t> own;
  for (std::size_t i = window.end; i < trace.events.size(); ++i) {
    const TraceEvent& event = trace.events[i];
    if (event.thread != here.thread) continue;
    const bool again = event.kind == EventKind::switched && (event.flags & 1) != 0;
    if (event.op != here.op || event.kind == EventKind::op_end || again) break;
    if (accesses(event.kind)) own.push_back(i);
  }
  return own;
}

/// The last access of the window by another thread that meets this one and is as wanted.
template <class Wanted>
std::optional<std::size_t> last_met(const Trace& trace, const Window& window, const TraceEvent& own, Wanted wanted) {
  for (std::size_t i = window.end; i-- > window.begin;) {
    const TraceEvent& other = trace.events[i];
    if (other.thread != own.thread && wanted(other.kind) && conflict(own, other)) return i;
  }
  return std::nullopt;
}

/// The last write by others that the pending access meets: it is what the thread finds there, however much came before.
void collect_last_write(const Trace& trace, const Window& window, std::set<std::size_t>& chosen) {
  if (window.own.empty()) return;
  if (const auto write = last_met(trace, window, trace.events[window.own.back()], writes)) chosen.insert(*write);
}

/// What the operation does in the end with what others touched meanwhile: its last write there, which may be the
/// compare-exchange that succeeds, and the access of theirs that it meets.
void collect_outcome(const Trace& trace, std::span<const std::size_t> after, const Window& window,
                     std::set<std::size_t>& chosen) {
  for (auto own = after.rbegin(); own != after.rend(); ++own) {
    if (!writes(trace.events[*own].kind)) continue;
    if (const auto met = last_met(trace, window, trace.events[*own], accesses)) {
      chosen.insert({*own, *met});
      return;
    }
  }
}

/// What the operation learns, when it goes on, of what others wrote meanwhile: its first reads there, one of each
/// place, and for each the last of their writes, which it finds.
void collect_first_reads(const Trace& trace, std::span<const std::size_t> after, const Window& window,
                         std::set<std::size_t>& chosen) {
  constexpr std::size_t reads_max = 2;
  std::set<std::uint64_t> places;
  for (const std::size_t i : after) {
    const TraceEvent& own = trace.events[i];
    if (writes(own.kind) || places.contains(own.pc)) continue;
    const auto write = last_met(trace, window, own, writes);
    if (!write) continue;
    chosen.insert({i, *write});
    if (places.insert(own.pc); places.size() == reads_max) return;
  }
}

}  // namespace

std::vector<std::size_t> conflicting_accesses(const Trace& trace) {
  constexpr std::size_t windows_max = 64;  // beyond, it is a loop, and its first rounds tell all
  std::set<std::size_t> chosen;
  std::size_t windows = 0;
  for (std::size_t i = 0; i < trace.events.size() && windows < windows_max; ++i) {
    const TraceEvent& event = trace.events[i];
    const bool preempted = event.kind == EventKind::switched && (event.flags & 1) != 0;
    if (event.thread == main_thread || (!preempted && event.kind != EventKind::blocked)) continue;
    ++windows;
    const Window window = window_at(trace, i);
    collect(trace, window, chosen);
    collect_last_write(trace, window, chosen);
    const std::vector<std::size_t> after = accesses_after(trace, i, window);
    collect_outcome(trace, after, window, chosen);
    collect_first_reads(trace, after, window, chosen);
  }
  return {chosen.begin(), chosen.end()};
}

std::vector<std::size_t> writes_found(const Execution& execution) {
  constexpr std::size_t found_max = 3;
  const auto& events = execution.trace.events;
  const auto& calls = execution.history.calls;
  std::vector<std::size_t> found;
  std::set<std::uint64_t> places;
  for (const std::uint32_t index : execution.violation.calls) {
    if (index >= calls.size()) continue;
    const Call& call = calls[index];
    std::map<std::uint64_t, std::size_t> last_writes;  // by words of eight bytes
    std::vector<std::size_t> reads;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const TraceEvent& event = events[i];
      const bool of_call = event.thread == call.thread && event.op == call.op;
      if (of_call && accesses(event.kind) && !writes(event.kind)) {
        const auto write = last_writes.find(event.address / 8);
        if (write != last_writes.end()) reads.push_back(write->second);
      }
      if (writes(event.kind)) last_writes[event.address / 8] = i;
    }
    // What it read last decided.
    for (auto write = reads.rbegin(); write != reads.rend() && found.size() < found_max; ++write) {
      const TraceEvent& event = events[*write];
      const bool of_another = event.thread != call.thread || event.op != call.op;
      if (event.thread == main_thread || !of_another || !places.insert(event.pc).second) continue;
      found.push_back(*write);
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace mapquake::reports
