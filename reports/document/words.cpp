#include "reports/document/words.hpp"

#include <array>

namespace mapquake::reports {
namespace {

constexpr std::array<std::string_view, 7> kinds{"call", "begin", "inside", "preempted", "end", "broken", "repeated"};
constexpr std::array<std::string_view, 8> verdicts{"not run", "in another shard", "not looked into",  "running",
                                                   "clean",   "failed",           "nondeterministic", "cannot be run"};

}  // namespace

std::string_view word_for(StepKind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}

StepKind step_kind(std::string_view word) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] == word) return static_cast<StepKind>(i);
  }
  return StepKind::inside;
}

std::string_view word_for(CellVerdict verdict) {
  return verdicts[static_cast<std::size_t>(verdict)];
}

CellVerdict cell_verdict(std::string_view word) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i] == word) return static_cast<CellVerdict>(i);
  }
  return CellVerdict::not_run;
}

}  // namespace mapquake::reports
