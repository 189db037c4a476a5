#include "reports/stacks.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t frames_max = 12;

std::string frame_text(const Site& site) {
  if (site.line == 0) return site.function.empty() ? "?" : site.function;
  return fmt::format("{:<28}  {}", to_string(site), site.function);
}

}  // namespace

std::string stacks_text(const Execution& execution, const SiteFunction& site, std::size_t width) {
  std::vector<const ThreadState*> threads;
  for (const ThreadState& thread : execution.threads) {
    if (thread.state != "finished") threads.push_back(&thread);
  }
  const ThreadId last = execution.trace.events.empty() ? main_thread : execution.trace.events.back().thread;
  std::stable_partition(threads.begin(), threads.end(), [&](const ThreadState* t) { return t->thread == last; });
  std::string text;
  for (const ThreadState* thread : threads) {
    const std::string who = thread->thread == main_thread ? "main" : "thread " + thread_name(thread->thread);
    text += shortened(fmt::format("\n{}: {}", who, thread->state), width) + '\n';
    for (std::size_t i = 0; i < std::min(thread->stack.size(), frames_max); ++i) {
      text += shortened("     " + frame_text(site(thread->stack[i])), width) + '\n';
    }
    if (thread->stack.size() > frames_max) text += fmt::format("     … {} more\n", thread->stack.size() - frames_max);
  }
  return text;
}

}  // namespace mapquake::reports
