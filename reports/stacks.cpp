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

/// One line for each call, without those that lead from the harness to the author's code and back. Inlined calls share
/// the address of the call round them.
std::vector<std::string> frames_of(const ThreadState& thread, const SiteFunction& site) {
  std::size_t count = thread.stack.size();
  while (count > 0 && (site(thread.stack[count - 1]).system || site(thread.stack[count - 1]).line == 0)) --count;
  std::size_t first = 0;
  const auto leads_back = [&](std::size_t i) {
    return site(thread.stack[i]).system || site(thread.stack[i]).line == 0;
  };
  const bool called_the_harness = count > 0 && site(thread.stack[0]).system;
  while (called_the_harness && leads_back(first)) ++first;
  std::vector<std::string> frames;
  for (std::size_t i = first; i < count; ++i) {
    std::string text = frame_text(site(thread.stack[i]));
    if (frames.empty() || frames.back() != text) frames.push_back(std::move(text));
  }
  return frames;
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
    const std::vector<std::string> frames = frames_of(*thread, site);
    for (std::size_t i = 0; i < std::min(frames.size(), frames_max); ++i) {
      text += shortened("     " + frames[i], width) + '\n';
    }
    if (frames.size() > frames_max) text += fmt::format("     … {} more\n", frames.size() - frames_max);
  }
  return text;
}

}  // namespace mapquake::reports
