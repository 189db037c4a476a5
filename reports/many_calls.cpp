#include "reports/many_calls.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mapquake::reports {
namespace {

constexpr std::size_t told_each_max = 12;
constexpr std::size_t last_told = 2;

/// Of the operations, in the order in which they were called first.
using Counts = std::vector<std::pair<std::string, std::size_t>>;

std::string name_in(const Step& step) {
  return step.text.substr(0, step.text.find_first_of("( "));
}

std::size_t count(Counts& counts, const Step& step) {
  const std::string name = name_in(step);
  auto found = std::ranges::find(counts, name, &Counts::value_type::first);
  if (found == counts.end()) found = counts.insert(counts.end(), {name, 0});
  return ++found->second;
}

Step summary(const Step& last, const Counts& counts) {
  std::string list;
  for (const auto& [name, times] : counts) {
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", name, counted(times, "time"));
  }
  Step step;
  step.thread = last.thread;
  step.kind = StepKind::repeated;
  step.text = "… before: " + list + " …";
  return step;
}

}  // namespace

std::vector<Step> many_calls_summed(std::vector<Step> steps, const Execution& execution) {
  const auto& events = execution.trace.events;
  const auto begins_call = [&](const Step& step) {
    return step.event && events[*step.event].kind == EventKind::told && events[*step.event].flags == 0;
  };
  std::vector<Step> few;
  for (std::size_t i = 0; i < steps.size();) {
    std::size_t end = i;
    while (end < steps.size() && begins_call(steps[end]) && steps[end].thread == steps[i].thread) ++end;
    if (end - i <= told_each_max) {
      end = std::max(end, i + 1);
      std::move(steps.begin() + static_cast<std::ptrdiff_t>(i), steps.begin() + static_cast<std::ptrdiff_t>(end),
                std::back_inserter(few));
      i = end;
      continue;
    }
    Counts counts;
    for (; i + last_told < end; ++i) count(counts, steps[i]);
    few.push_back(summary(steps[i], counts));
    for (; i < end; ++i) {
      const std::size_t number = count(counts, steps[i]);
      few.push_back(std::move(steps[i]));
      if (i + 1 == end) few.back().text += fmt::format(", call {} of {}", grouped(number), name_in(few.back()));
    }
  }
  return few;
}

}  // namespace mapquake::reports
