// What all strategies have in common that draw schedules: who is asked about anything but the schedule throws dice.
#pragma once

#include "harness/base/rng.hpp"
#include "harness/strategy/fault_dice.hpp"
#include "harness/strategy/strategy.hpp"

namespace mapquake {

/// Whoever derives from it begins both, in begin(): rng_ with the seed, and with it faults_.
class ExploringStrategy : public Strategy {
 public:
  std::uint32_t quiet_questions() final { return faults_.quiet(); }
  void unasked(std::uint32_t count) final { faults_.skip(count); }
  std::uint32_t next_choice(const Point&, ChoiceKind kind, std::uint32_t n) final {
    return faults_.roll(rng_, kind, n);
  }
  std::uint32_t fault_kinds() const final { return faults_.active(); }

 protected:
  /// `fault_mask`: see FaultDice.
  explicit ExploringStrategy(std::uint32_t fault_mask) : faults_(fault_mask) {}

  Rng rng_{0};
  FaultDice faults_;
};

}  // namespace mapquake
