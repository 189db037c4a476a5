// A strategy that is another one but for what a derived class overrides. Decorators derive from it: what the trait
// gains later is forwarded by construction, and what must not be is overridden where it is seen.
#pragma once

#include "harness/strategy/strategy.hpp"

namespace mapquake {

/// A decorator that answers questions otherwise than its base must override what its base promises about them, too:
/// next_thread() goes with quiet_points(), next_choice() with quiet_questions() and fault_kinds().
class ForwardingStrategy : public Strategy {
 public:
  /// `base` must outlive this.
  explicit ForwardingStrategy(Strategy& base) : base_(base) {}

  bool next() override { return base_.next(); }
  bool exhausted() const override { return base_.exhausted(); }
  void begin(std::uint64_t seed, unsigned thread_count) override { base_.begin(seed, thread_count); }
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override {
    return base_.next_thread(point, ready);
  }
  std::uint32_t quiet_points() override { return base_.quiet_points(); }
  void passed(std::uint32_t count) override { base_.passed(count); }
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override {
    return base_.next_choice(point, kind, n);
  }
  std::uint32_t quiet_questions() override { return base_.quiet_questions(); }
  void unasked(std::uint32_t count) override { base_.unasked(count); }
  std::uint32_t fault_kinds() const override { return base_.fault_kinds(); }
  bool repeats() const override { return base_.repeats(); }
  bool follows_effects() const override { return base_.follows_effects(); }
  void effect(Effect effect, std::uint64_t location, std::uint64_t bytes) override {
    base_.effect(effect, location, bytes);
  }
  std::uint32_t next_forced_event(ThreadId thread, OpIndex op) override { return base_.next_forced_event(thread, op); }

 protected:
  Strategy& base() { return base_; }
  const Strategy& base() const { return base_; }

 private:
  Strategy& base_;
};

}  // namespace mapquake
