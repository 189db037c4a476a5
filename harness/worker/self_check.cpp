#include "harness/worker/self_check.hpp"

#include "harness/base/rng.hpp"
#include "harness/history/symptom.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/judged_run.hpp"

#include <atomic>

namespace mapquake {

bool SelfCheck::is_due(std::uint64_t seed) {
  constexpr std::uint64_t salt = 0x7265706561746564;  // so that it has nothing to do with what else follows from seeds
  return mix64(seed ^ salt) % executions_per_check == 0;
}

bool SelfCheck::parts(const Program& program, const runtime::Recording& recording) {
  const runtime::Totals seen = runtime::totals();
  const auto made = choices_made(recording);
  const std::vector<Choice> choices(made.begin(), made.end());
  Program same = program;
  if (seen.races_passed != 0) same.races_passed = all_races;
  std::atomic<std::uint32_t> choice_count{0}, trace_count{0};
  unused_choices_.resize(choices.size() + 1024);
  runtime::Recording unheard = recording;
  unheard.choices = unused_choices_;
  unheard.choice_count = &choice_count;
  unheard.trace = {};
  unheard.trace_count = &trace_count;
  unheard.coverage = {};
  Replay again(choices);
  // The answers are part of the hash, and the verdict follows from them.
  runner_.run(same, again, 0, unheard, plan_for(choices));
  if (runtime::totals().hash == seen.hash) return false;
  runner_.set_verdict({Outcome::nondeterministic, label_of(Symptom::parted), {reason::WentAnotherWay{}}, {}});
  return true;
}

}  // namespace mapquake
