#include "reports/stacks.hpp"

#include "harness/history/phrases.hpp"
#include "reports/frames.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t frames_max = 12;

/// Where an access itself is shown, how far inside the library it was tells; where a lock was taken it does not.
bool is_access(const ThreadState& thread) {
  return thread.state == "running" || thread.state.starts_with("first: ") || thread.state.starts_with("then: ");
}

bool tells_nothing(const ThreadState& thread, const Execution& execution) {
  if (thread.state == "finished") return true;
  if (thread.thread == main_thread && thread.state.starts_with("waits for the threads to end")) return true;
  // Of a race the witness says the same, and more.
  return execution.violation.outcome == Outcome::data_race && thread.state == "running";
}

std::string who(const ThreadState& thread, const History& history) {
  if (std::string call = name_of_call(history, thread.thread, thread.op); !call.empty()) return call;
  return thread.thread == main_thread ? "main" : "thread " + thread_name(thread.thread);
}

}  // namespace

std::string stacks_text(const Execution& execution, const SiteFunction& site, std::size_t width) {
  std::vector<const ThreadState*> threads;
  for (const ThreadState& thread : execution.threads) {
    if (!tells_nothing(thread, execution)) threads.push_back(&thread);
  }
  if (execution.violation.outcome != Outcome::data_race) {
    const ThreadId last = execution.trace.events.empty() ? main_thread : execution.trace.events.back().thread;
    std::ranges::stable_partition(threads, [&](const ThreadState* thread) { return thread->thread == last; });
  }
  std::string text;
  for (const ThreadState* thread : threads) {
    text += shortened(fmt::format("\n{}: {}", who(*thread, execution.history), thread->state), width) + '\n';
    const std::vector<Site> frames = telling_frames(thread->stack, site, is_access(*thread));
    for (std::size_t i = 0; i < std::min(frames.size(), frames_max); ++i) {
      text += shortened("     " + to_line(frames[i]), width) + '\n';
    }
    if (frames.size() > frames_max) text += fmt::format("     … {} more\n", frames.size() - frames_max);
  }
  return text;
}

}  // namespace mapquake::reports
