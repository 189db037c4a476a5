// How exploring strategies answer everything but scheduling questions: rarely anything but 0, and in most executions
// only a few kinds of fault at all ("swarm testing", Groce et al., ISSTA 2012: leaving features out finds more than
// having all of them always).
#pragma once

#include "harness/base/rng.hpp"
#include "harness/choice/choice.hpp"

#include <cstdint>

namespace mapquake {

class FaultDice {
 public:
  /// `fault_mask`: bit per ChoiceKind that may be answered with something else than 0. The map's own randomness
  /// (ChoiceKind::adapter) is always allowed. Bit `schedule` is ignored.
  explicit FaultDice(std::uint32_t fault_mask) : allowed_(fault_mask) {}

  /// Draws the knobs of one execution: which of the allowed kinds take part and how often they fire.
  void begin(Rng& rng);

  /// The kinds that take part in this execution. Older values (ChoiceKind::stale_read) are no fault: they have a rate
  /// of their own and take part in seven executions of eight.
  std::uint32_t active() const { return active_; }

  /// An answer in [0, n). Small ones are likelier than large ones. Cost: one comparison while the kind is off.
  std::uint32_t roll(Rng& rng, ChoiceKind kind, std::uint32_t n) const;

 private:
  void begin_faults(Rng& rng);

  std::uint32_t allowed_;
  std::uint32_t active_ = 0;
  std::uint32_t chance_ = 0;        ///< of 2^16
  std::uint32_t stale_chance_ = 0;  ///< of 2^16, for ChoiceKind::stale_read
};

}  // namespace mapquake
