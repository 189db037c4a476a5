#include "reports/stacks.hpp"

#include "harness/history/phrases.hpp"
#include "harness/history/witness_words.hpp"
#include "reports/callbacks.hpp"
#include "reports/frames.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t frames_max = 12;

/// Where an access itself is shown, how far inside the library it was tells; where a lock was taken it does not.
bool is_access(const Witness& thread) {
  const Role role = thread.standing.role;
  return role == Role::running || role == Role::first_access || role == Role::second_access;
}

bool tells_nothing(const Witness& thread, const Execution& execution) {
  if (thread.standing.role == Role::finished || thread.standing.awaited == Awaited::threads) return true;
  // Of a race the witness says the same, and more.
  return execution.violation.outcome == Outcome::data_race && thread.standing.role == Role::running;
}

std::string who(const Witness& thread, const History& history) {
  if (std::string call = name_of_call(history, thread.thread, thread.op); !call.empty()) return call;
  return thread.thread == main_thread ? "main" : "thread " + thread_name(thread.thread);
}

/// Of an access in a callback: the calls that led to the callback.
std::vector<Site> frames_round(const Witness& thread, const Execution& execution, const SiteFunction& site) {
  if (thread.stack.empty()) return {};
  const auto& events = execution.trace.events;
  const auto is_it = [&](const TraceEvent& event) {
    return event.thread == thread.thread && event.op == thread.op && event.event == thread.event &&
           event.pc == thread.stack.front();
  };
  const auto access = std::ranges::find_if(events, is_it);
  if (access == events.end()) return {};
  const TraceEvent* const call = callback_round(execution.trace, *access, site);
  return call == nullptr ? std::vector<Site>{} : telling_frames(*call, site);
}

}  // namespace

std::string stacks_text(const Execution& execution, const SiteFunction& site, std::size_t width) {
  std::vector<const Witness*> threads;
  for (const Witness& thread : execution.threads) {
    if (!tells_nothing(thread, execution)) threads.push_back(&thread);
  }
  if (execution.violation.outcome != Outcome::data_race) {
    const ThreadId last = execution.trace.events.empty() ? main_thread : execution.trace.events.back().thread;
    std::stable_partition(threads.begin(), threads.end(), [&](const Witness* t) { return t->thread == last; });
  }
  // What is found out of a history happened in no call, and at no line of the author's.
  const bool own_check = execution.violation.outcome == Outcome::invariant_broken;
  std::string text;
  for (const Witness* thread : threads) {
    std::vector<Site> frames = telling_frames(thread->stack, site, is_access(*thread));
    if (frames.empty() && is_access(*thread)) frames = frames_round(*thread, execution, site);
    // It was ready to make the access that a witness tells of.
    if (thread->standing.role == Role::ready && frames.empty()) continue;
    if (own_check && frames.empty() && (thread->thread == main_thread || thread->standing.role == Role::running))
      continue;
    text += shortened(fmt::format("\n{}: {}", who(*thread, execution.history), in_words(*thread)), width) + '\n';
    for (std::size_t i = 0; i < std::min(frames.size(), frames_max); ++i) {
      text += shortened("     " + to_line(frames[i]), width) + '\n';
    }
    if (frames.size() > frames_max) text += fmt::format("     … {} more\n", frames.size() - frames_max);
  }
  return text;
}

}  // namespace mapquake::reports
