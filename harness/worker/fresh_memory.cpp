#include "harness/worker/fresh_memory.hpp"

#include "harness/memory/arena.hpp"
#include "harness/runtime/fresh_reads.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"

#include <algorithm>

namespace mapquake {

namespace {

using runtime::FreshRead;

constexpr std::uint8_t other_contents = 0;
/// With other contents an execution may go another way, and make other choices.
constexpr std::size_t unused_choices_least = 4'096;
/// Of an instruction that reads fresh memory, so many executions are tested at once.
constexpr std::uint32_t tests_at_first = 8;
/// Later on, one execution in so many. A test is two executions.
constexpr std::uint64_t executions_per_test = 100;

/// Those of which nothing but the read could be the cause, or where a test takes too long.
bool is_told_as_it_is(Outcome outcome) {
  return outcome == Outcome::data_race || outcome == Outcome::hang;
}

bool same_answer(const History& one, const Call& a, const History& other, const Call& b) {
  if (a.status != b.status || a.flag != b.flag || a.has_value != b.has_value || a.value != b.value ||
      a.count != b.count) {
    return false;
  }
  const auto visits_of = [](const History& history, const Call& call) {
    return std::span(history.visits).subspan(call.visits_begin, call.visits_end - call.visits_begin);
  };
  return std::ranges::equal(visits_of(one, a), visits_of(other, b), [](const Visit& x, const Visit& y) {
    return x.key == y.key && x.value == y.value && x.erased == y.erased;
  });
}

bool same_event(const TraceEvent& one, const TraceEvent& other) {
  return one.thread == other.thread && one.op == other.op && one.kind == other.kind && one.event == other.event &&
         one.pc == other.pc && one.address == other.address;
}

}  // namespace

bool FreshMemory::worth_testing() {
  ++executions_;
  const std::span<const FreshRead> reads = runtime::fresh_reads();
  const Outcome outcome = runner_.violation().outcome;
  if (reads.empty() || is_told_as_it_is(outcome)) return false;
  if (!samples_ || outcome != Outcome::clean) return true;
  bool worth = tests_ * executions_per_test < executions_;
  for (const FreshRead& read : reads) worth |= tests_at_[read.stack[0]] < tests_at_first;
  if (!worth) return false;
  ++tests_;
  std::uint64_t last = 0;
  for (const FreshRead& read : reads) {
    if (read.stack[0] != std::exchange(last, read.stack[0])) ++tests_at_[last];
  }
  return true;
}

FreshMemory::Observed FreshMemory::observe() const {
  const runtime::Totals totals = runtime::totals();
  return {runner_.violation(), runner_.history(), totals.hash, totals.steps};
}

bool FreshMemory::equal(const Observed& one, const Observed& other) {
  return one.violation.outcome == other.violation.outcome && one.violation.label == other.violation.label &&
         one.hash == other.hash && one.steps == other.steps &&
         std::ranges::equal(one.history.calls, other.history.calls, [&](const Call& a, const Call& b) {
           return same_answer(one.history, a, other.history, b);
         });
}

bool FreshMemory::decides(const Program& program, const runtime::Recording& recording) {
  if (!worth_testing()) return false;
  const Violation seen = runner_.violation();
  const auto made = choices_made(recording);
  const std::vector<Choice> choices(made.begin(), made.end());
  std::atomic<std::uint32_t> unused_choice_count{0}, other_trace_count{0};
  unused_choices_.resize(2 * choices.size() + unused_choices_least);
  other_trace_.resize(recording.trace.size());
  runtime::Recording unheard = recording;
  unheard.choices = unused_choices_;
  unheard.choice_count = &unused_choice_count;
  unheard.trace = other_trace_;
  unheard.trace_count = &other_trace_count;
  unheard.coverage = {};

  // Both by replay: a strategy may be asked for more than its choices say.
  const auto replay = [&](const runtime::Recording& into) {
    Replay again(choices);
    runner_.run(program, again, 0, into, plan_for(choices));
    return observe();
  };
  runner_.fill_fresh_memory(other_contents);
  const Observed zeroed = replay(unheard);
  runner_.fill_fresh_memory(memory::fresh_pattern);
  const Observed filled = replay(recording);
  other_trace_.resize(std::min<std::size_t>(other_trace_.size(), other_trace_count.load()));
  if (filled.violation.outcome != seen.outcome) runner_.set_verdict(seen);  // whoever confirms it will find out
  if (equal(filled, zeroed) || filled.violation.outcome != seen.outcome) return false;
  give_verdict(filled, zeroed, recording);
  return true;
}

reason::UnwrittenDecides FreshMemory::difference(const Observed& filled, const Observed& zeroed) {
  const Outcome outcome = filled.violation.outcome, other = zeroed.violation.outcome;
  if (outcome != other) return {.ends = reason::FreshEnds{outcome, other}};
  for (std::uint32_t i = 0; i < filled.history.calls.size(); ++i) {
    const Call& call = filled.history.calls[i];
    const auto same = std::ranges::find_if(zeroed.history.calls,
                                           [&](const Call& b) { return b.thread == call.thread && b.op == call.op; });
    if (same == zeroed.history.calls.end() || same_answer(filled.history, call, zeroed.history, *same)) continue;
    return {.answers = reason::FreshAnswers{CallRef{i}, reason::Text::cut(result_string(*same, zeroed.history))}};
  }
  return {};
}

// Whose value it was: the last that was read before the executions part.
void FreshMemory::give_verdict(const Observed& filled, const Observed& zeroed, const runtime::Recording& recording) {
  const std::span<const FreshRead> reads = runtime::fresh_reads();
  const FreshRead* decisive = reads.empty() ? nullptr : &reads.back();
  const auto trace = recording.trace.first(
      recording.trace.empty() ? 0 : std::min<std::size_t>(recording.trace.size(), recording.trace_count->load()));
  if (!trace.empty()) {
    const auto parted = std::mismatch(trace.begin(), trace.end(), other_trace_.begin(), other_trace_.end(), same_event);
    const auto before = static_cast<std::size_t>(parted.first - trace.begin());
    for (const FreshRead& read : reads) {
      if (read.traced <= before) decisive = &read;
    }
  }
  reason::UnwrittenDecides reason = difference(filled, zeroed);
  if (decisive != nullptr) {
    runtime::witness_fresh_read(*decisive);
    reason.read = reason::FreshRead{decisive->thread, decisive->bytes};
  }
  runner_.set_verdict({Outcome::uninitialised_read, label_of(Symptom::unwritten_decides), {reason}, {}});
}

}  // namespace mapquake
