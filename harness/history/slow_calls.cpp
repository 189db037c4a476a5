#include "harness/history/slow_calls.hpp"

#include "harness/base/assert.hpp"

#include <array>

namespace mapquake {
namespace {

struct Words {
  SlowCause cause;
  std::string_view name;
  std::string_view words;
};

constexpr std::array<Words, slow_cause_count> table{{
    {SlowCause::own_steps, "own_steps", "took their own steps"},
    {SlowCause::growth, "growth", "grew"},
    {SlowCause::behind_growth, "behind_growth", "waited while another call grew"},
    {SlowCause::behind_delay, "behind_delay", "waited while another call was delayed"},
    {SlowCause::behind_other, "behind_other", "waited for another"},
    {SlowCause::interrupted, "interrupted", "slept or gave way to others"},
}};

const Words& words_of(SlowCause cause) {
  const Words& words = table[static_cast<std::size_t>(cause)];
  MQ_ASSERT(words.cause == cause);
  return words;
}

/// What it waited for: of another thread, beside it.
SlowCause awaited_by(const History& history, const Call& call) {
  SlowCause found = SlowCause::behind_other;
  for (const Call& other : history.calls) {
    if (other.invoked > call.returned) break;
    if (other.thread == call.thread || other.returned < call.invoked) continue;
    if (grew(other.usage)) return SlowCause::behind_growth;
    if (other.usage.delayed_ns > 0) found = SlowCause::behind_delay;
  }
  return found;
}

}  // namespace

SlowCause slow_cause_of(const History& history, std::uint32_t call) {
  MQ_ASSERT(call < history.calls.size());
  const Call& slow = history.calls[call];
  const Usage& used = slow.usage;
  if (used.waits > 0) return awaited_by(history, slow);
  // A step takes a nanosecond, whoever makes it.
  if (used.latency_ns > 2 * used.steps) return SlowCause::interrupted;
  return grew(used) ? SlowCause::growth : SlowCause::own_steps;
}

std::string_view in_words(SlowCause cause) {
  return words_of(cause).words;
}

std::string_view name_of(SlowCause cause) {
  return words_of(cause).name;
}

}  // namespace mapquake
