#include "reports/repetitions.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace mapquake::reports {
namespace {

constexpr std::size_t row_max = 24;
constexpr std::size_t rounds_min = 3;

struct Row {
  std::size_t length = 0;
  std::size_t rounds = 1;
  std::size_t covered() const { return length * rounds; }
};

/// How often the `length` steps from `begin` on stand there in a row.
std::size_t rounds_of(const std::vector<Step>& steps, std::size_t begin, std::size_t length) {
  std::size_t same = 0;
  while (begin + length + same < steps.size() && steps[begin + same] == steps[begin + length + same]) ++same;
  return 1 + same / length;
}

/// The row at `begin` that stands for most steps; the shorter one of two.
Row longest_row(const std::vector<Step>& steps, std::size_t begin) {
  Row best;
  for (std::size_t length = 1; length <= row_max && begin + length * rounds_min <= steps.size(); ++length) {
    const Row row{length, rounds_of(steps, begin, length)};
    if (row.rounds >= rounds_min && row.covered() > best.covered()) best = row;
  }
  return best;
}

Step repetition(const Step& last, const Row& row) {
  Step step;
  step.thread = last.thread;
  step.kind = StepKind::repeated;
  const std::string what = row.length == 1 ? "this step" : fmt::format("these {} steps", row.length);
  step.text = fmt::format("… {} repeated {} times …", what, grouped(row.rounds));
  return step;
}

}  // namespace

std::vector<Step> folded(const std::vector<Step>& steps) {
  std::vector<Step> few;
  for (std::size_t i = 0; i < steps.size();) {
    const Row row = longest_row(steps, i);
    // Three equal steps are as short as what would stand for them.
    if (row.length == 0 || row.covered() < row.length + rounds_min) {
      few.push_back(steps[i++]);
      continue;
    }
    few.insert(few.end(), steps.begin() + static_cast<std::ptrdiff_t>(i),
               steps.begin() + static_cast<std::ptrdiff_t>(i + row.length));
    few.push_back(repetition(few.back(), row));
    i += row.covered();
  }
  return few;
}

}  // namespace mapquake::reports
