#include "harness/strategy/replay.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {
namespace {

enum class Group { switches, stalls, others };

Group group_of(ChoiceKind kind) {
  switch (kind) {
    case ChoiceKind::schedule:
      return Group::switches;
    case ChoiceKind::delay:
    case ChoiceKind::pause:
    case ChoiceKind::crash:
      return Group::stalls;
    default:
      return Group::others;
  }
}

std::vector<Choice> only(std::span<const Choice> choices, Group group) {
  std::vector<Choice> kept;
  for (const Choice& choice : choices) {
    if (group_of(choice.kind) == group) kept.push_back(choice);
  }
  return kept;
}

}  // namespace

ChoiceCursor::ChoiceCursor(std::span<const Choice> choices) : choices_(choices.begin(), choices.end()) {
  std::erase_if(choices_, [](const Choice& choice) { return choice.thread >= threads_max || choice.take == 0; });
  std::sort(choices_.begin(), choices_.end());
  std::uint32_t at = 0;
  for (unsigned thread = 0; thread < threads_max; ++thread) {
    begin_[thread] = at;
    while (at < choices_.size() && choices_[at].thread == thread) ++at;
  }
  begin_[threads_max] = at;
  MQ_ASSERT(at == choices_.size());
  rewind();
}

void ChoiceCursor::rewind() {
  position_ = begin_;
  op_.fill(0);
}

std::uint32_t& ChoiceCursor::position_in(ThreadId thread, OpIndex op) {
  std::uint32_t& at = position_[thread];
  if (op_[thread] == op) return at;
  op_[thread] = op;
  const auto end = choices_.begin() + begin_[thread + 1];
  const auto first = std::lower_bound(choices_.begin() + begin_[thread], end, op,
                                      [](const Choice& choice, OpIndex wanted) { return choice.op < wanted; });
  at = static_cast<std::uint32_t>(first - choices_.begin());
  return at;
}

const Choice* ChoiceCursor::take(ThreadId thread, OpIndex op, std::uint32_t event, ChoiceKind kind) {
  if (thread >= threads_max) return nullptr;
  std::uint32_t& at = position_in(thread, op);
  const std::uint32_t end = begin_[thread + 1];
  while (at < end && choices_[at].op == op && choices_[at].event < event) ++at;
  if (at == end || choices_[at].op != op || choices_[at].event != event) return nullptr;
  while (at < end && choices_[at].op == op && choices_[at].event == event && choices_[at].kind < kind) ++at;
  if (at == end || choices_[at].op != op || choices_[at].event != event || choices_[at].kind != kind) return nullptr;
  return &choices_[at++];
}

std::uint32_t ChoiceCursor::next_event(ThreadId thread, OpIndex op) {
  if (thread >= threads_max) return UINT32_MAX;
  const std::uint32_t at = position_in(thread, op);
  return at < begin_[thread + 1] && choices_[at].op == op ? choices_[at].event : UINT32_MAX;
}

Replay::Replay(std::span<const Choice> choices, Recorded recorded)
    : switches_(only(choices, Group::switches)),
      stalls_(only(choices, Group::stalls)),
      others_(only(choices, Group::others)),
      repeats_(recorded == Recorded::whole) {}

ChoiceCursor& Replay::cursor_of(ChoiceKind kind) {
  return group_of(kind) == Group::stalls ? stalls_ : others_;
}

void Replay::begin(std::uint64_t seed, unsigned thread_count) {
  (void)seed, (void)thread_count;
  switches_.rewind();
  stalls_.rewind();
  others_.rewind();
}

ThreadId Replay::recorded_or(const Point& point, std::span<const ThreadId> ready, ThreadId otherwise) {
  const Choice* choice = switches_.take(point.thread, point.op, point.event, ChoiceKind::schedule);
  if (choice == nullptr) return otherwise;
  const auto taken = static_cast<ThreadId>(choice->take);
  const bool possible = choice->take <= UINT16_MAX && std::binary_search(ready.begin(), ready.end(), taken);
  return possible ? taken : otherwise;
}

bool Replay::recorded(const Point& point, ChoiceKind kind, std::uint32_t n, std::uint32_t& answer) {
  const Choice* choice = cursor_of(kind).take(point.thread, point.op, point.event, kind);
  if (choice == nullptr || choice->take >= n) return false;
  answer = choice->take;
  return true;
}

ThreadId Replay::next_thread(const Point& point, std::span<const ThreadId> ready) {
  return recorded_or(point, ready, default_thread(point, ready));
}

std::uint32_t Replay::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  std::uint32_t answer = 0;
  return recorded(point, kind, n, answer) ? answer : 0;
}

std::uint32_t Replay::next_forced_event(ThreadId thread, OpIndex op) {
  return std::min(switches_.next_event(thread, op), stalls_.next_event(thread, op));
}

}  // namespace mapquake
