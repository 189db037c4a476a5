#include "reports/drawn.hpp"

#include "harness/history/phrases.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t answers_shown_max = 8, calls_shown_max = 4;

std::string answers_text(const std::vector<std::uint32_t>& answers) {
  const std::size_t shown = std::min(answers.size(), answers_shown_max);
  const std::vector<std::uint32_t> first(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(shown));
  const std::string text = fmt::format("choose() answered {}", fmt::join(first, ", "));
  return answers.size() == shown ? text : text + fmt::format(", … {} more", grouped(answers.size() - shown));
}

}  // namespace

std::string who_drew(const History& history, ThreadId thread, OpIndex op) {
  const std::string call = name_of_call(history, thread, op);
  return call.empty() ? thread_name(thread) : call;
}

std::string drawn_text(const Execution& execution, std::size_t width) {
  std::map<std::pair<ThreadId, OpIndex>, std::vector<std::uint32_t>> drawn;
  for (const Choice& choice : execution.choices) {
    if (choice.kind == ChoiceKind::adapter) drawn[{choice.thread, choice.op}].push_back(choice.take);
  }
  if (drawn.empty()) return {};
  std::string text;
  std::size_t told = 0;
  for (const auto& [call, answers] : drawn) {
    if (told++ == calls_shown_max) break;
    text += who_drew(execution.history, call.first, call.second) + ": " + answers_text(answers) + "; ";
  }
  if (drawn.size() > calls_shown_max) text += counted(drawn.size() - calls_shown_max, "more call") + " drew; ";
  return wrapped("Drawn: ", capitalised(text) + "everywhere else 0.", width);
}

}  // namespace mapquake::reports
