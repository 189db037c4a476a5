#include "harness/strategy/fault_dice.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

constexpr std::uint32_t bit(ChoiceKind kind) {
  return std::uint32_t{1} << static_cast<unsigned>(kind);
}

/// Often enough to hit one of a few events, rarely enough to hit one of thousands: no single rate does both.
constexpr std::array<std::uint32_t, 5> rates{65536 / 2, 65536 / 6, 65536 / 20, 65536 / 100, 65536 / 1000};

}  // namespace

void FaultDice::begin(Rng& rng) {
  active_ = 0;
  if (allowed_ == 0) return;
  chance_ = rates[rng.below(rates.size())];
  // One execution in eight without any fault: a failure that needs none should be found without.
  if (rng.below(8) == 0) return;
  active_ = allowed_ & static_cast<std::uint32_t>(rng.next());
  if (active_ == 0) active_ = allowed_;
}

std::uint32_t FaultDice::roll(Rng& rng, ChoiceKind kind, std::uint32_t n) const {
  MQ_ASSERT(n > 0);
  if (n == 1) return 0;
  if (kind == ChoiceKind::adapter) return rng.below(n);
  if ((active_ & bit(kind)) == 0 || !rng.chance(chance_)) return 0;
  // The smaller of two draws: small delays and nearly-new values are the more telling ones.
  return 1 + std::min(rng.below(n - 1), rng.below(n - 1));
}

}  // namespace mapquake
