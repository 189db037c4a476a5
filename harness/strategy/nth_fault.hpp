// Another strategy's schedule, and exactly one fault of one kind: at the n-th question of that kind in one operation.
// Going through n = 1, 2, 3, … until there is no n-th question is the sweep that SQLite's tests made known ("out of
// memory testing", sqlite.org/testing.html, section 3.1).
#pragma once

#include "harness/strategy/forwarding.hpp"

namespace mapquake {

class NthFault final : public ForwardingStrategy {
 public:
  struct Target {
    ChoiceKind kind = ChoiceKind::alloc_fail;
    ThreadId thread = 0;
    OpIndex op = 0;
    std::uint32_t n = 1;     ///< from 1
    std::uint32_t take = 1;  ///< answered there; lowered to what the question allows
  };

  /// `base` must outlive this; it is never asked about faults, only about the map's own randomness.
  NthFault(Strategy& base, const Target& target) : ForwardingStrategy(base), target_(target) {}

  void begin(std::uint64_t seed, unsigned thread_count) override {
    seen_ = 0;
    base().begin(seed, thread_count);
  }
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override {
    if (kind == ChoiceKind::adapter) return base().next_choice(point, kind, n);
    if (kind != target_.kind || point.thread != target_.thread || point.op != target_.op) return 0;
    return ++seen_ == target_.n ? (target_.take < n ? target_.take : n - 1) : 0;
  }
  /// Every question counts.
  std::uint32_t quiet_questions() override { return 0; }
  std::uint32_t fault_kinds() const override { return fault_bit(target_.kind); }

  /// Was there an n-th question?
  bool reached() const { return seen_ >= target_.n; }

 private:
  Target target_;
  std::uint32_t seen_ = 0;
};

}  // namespace mapquake
