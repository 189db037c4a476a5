#include "harness/base/assert.hpp"
#include "tests/unit/strategy/small_program.hpp"

namespace mapquake::small {

bool EveryAnswer::next() {
  if (!started_) return started_ = true;
  while (!answers_.empty() && answers_.back().take + 1 == answers_.back().n) answers_.pop_back();
  if (answers_.empty()) return false;
  ++answers_.back().take;
  return true;
}

void EveryAnswer::begin(std::uint64_t seed, unsigned thread_count) {
  (void)seed, (void)thread_count;
  at_ = 0;
}

std::uint32_t EveryAnswer::answer(std::uint32_t n) {
  if (n == 1) return 0;
  if (at_ == answers_.size()) answers_.push_back({.n = n});
  MQ_ASSERT(answers_[at_].n == n);
  return answers_[at_++].take;
}

ThreadId EveryAnswer::next_thread(const Point& point, std::span<const ThreadId> ready) {
  (void)point;
  return ready[answer(static_cast<std::uint32_t>(ready.size()))];
}

std::uint32_t EveryAnswer::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  (void)point, (void)kind;
  return answer(n);
}

}  // namespace mapquake::small
