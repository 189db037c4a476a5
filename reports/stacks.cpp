#include "reports/stacks.hpp"

#include "harness/history/phrases.hpp"
#include "harness/words/standing.hpp"
#include "reports/frames.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t frames_max = 12;

/// Where an access itself is shown, how far inside the library it was tells; where a lock was taken it does not.
bool is_access(const Witness& witness) {
  return witness.role == Role::running || witness.role == Role::first_access || witness.role == Role::second_access;
}

bool tells_nothing(const Witness& witness, const Execution& execution) {
  if (witness.role == Role::finished) return true;
  if (witness.role == Role::blocked && witness.awaited == Awaited::threads_end) return true;
  // Of a race the witness says the same, and more.
  return execution.violation.outcome == Outcome::data_race && witness.role == Role::running;
}

std::string who(const Witness& thread, const History& history) {
  if (std::string call = name_of_call(history, thread.thread, thread.op); !call.empty()) return call;
  return thread.thread == main_thread ? "main" : "thread " + thread_name(thread.thread);
}

}  // namespace

std::string stacks_text(const Execution& execution, const SiteFunction& site, std::size_t width) {
  std::vector<const Witness*> threads;
  for (const Witness& thread : execution.witnesses) {
    if (!tells_nothing(thread, execution)) threads.push_back(&thread);
  }
  if (execution.violation.outcome != Outcome::data_race) {
    const ThreadId last = execution.trace.events.empty() ? main_thread : execution.trace.events.back().thread;
    std::stable_partition(threads.begin(), threads.end(), [&](const Witness* t) { return t->thread == last; });
  }
  std::string text;
  for (const Witness* thread : threads) {
    text += shortened(fmt::format("\n{}: {}", who(*thread, execution.history), to_string(*thread)), width) + '\n';
    const std::vector<Site> frames = telling_frames(thread->stack, site, is_access(*thread));
    for (std::size_t i = 0; i < std::min(frames.size(), frames_max); ++i) {
      text += shortened("     " + to_line(frames[i]), width) + '\n';
    }
    if (frames.size() > frames_max) text += fmt::format("     … {} more\n", frames.size() - frames_max);
  }
  return text;
}

}  // namespace mapquake::reports
