// How exploring strategies answer everything but scheduling questions: rarely anything but 0, and in most executions
// only a few kinds of fault at all ("swarm testing", Groce et al., ISSTA 2012: leaving features out finds more than
// having all of them always). Every question about a fault fails or holds with the same probability, whatever its kind:
// one countdown to the next fault answers all those before it.
#pragma once

#include "harness/base/rng.hpp"
#include "harness/choice/choice.hpp"
#include "harness/strategy/geometric.hpp"

#include <cstdint>

namespace mapquake {

class FaultDice {
 public:
  /// `fault_mask`: bit per ChoiceKind that may be answered with something else than 0. The map's own randomness
  /// (ChoiceKind::adapter) is always allowed. Bit `schedule` is ignored.
  explicit FaultDice(std::uint32_t fault_mask);

  /// Draws the knobs of one execution: which of the allowed kinds take part and how often they fire.
  void begin(Rng& rng);

  /// The kinds that take part in this execution. Older values (ChoiceKind::stale_read) are no fault: they have a rate
  /// of their own and take part in seven executions of eight.
  std::uint32_t active() const { return active_; }

  /// An answer in [0, n). Small ones are likelier than large ones.
  std::uint32_t roll(Rng& rng, ChoiceKind kind, std::uint32_t n);

  /// So many of the next rolls, of active kinds other than stale_read and adapter and with n > 1, will give 0.
  std::uint32_t quiet() const { return until_fault_; }
  /// As `count` such rolls. Requires count <= quiet().
  void skip(std::uint32_t count);

 private:
  void begin_faults(Rng& rng);

  std::uint32_t allowed_;
  std::uint32_t active_ = 0;
  Geometric faults_;  ///< of this execution
  std::uint32_t until_fault_ = 0;
  std::uint32_t stale_chance_ = 0;  ///< of 2^16, for ChoiceKind::stale_read
};

}  // namespace mapquake
