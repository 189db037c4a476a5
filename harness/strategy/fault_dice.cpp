#include "harness/strategy/fault_dice.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

/// Often enough to hit one of a few events, rarely enough to hit one of thousands: no single rate does both.
constexpr std::uint32_t stale_bit = fault_bit(ChoiceKind::stale_read);

constexpr std::array<std::uint32_t, 5> rates{65536 / 2, 65536 / 6, 65536 / 20, 65536 / 100, 65536 / 1000};

/// Questions of this kind are rarer: most loads have nothing but the newest value to read.
constexpr std::array<std::uint32_t, 4> stale_rates{65536 / 2, 65536 / 3, 65536 / 6, 65536 / 16};

}  // namespace

void FaultDice::begin(Rng& rng) {
  active_ = 0;
  begin_faults(rng);
  if ((allowed_ & stale_bit) == 0) return;
  stale_chance_ = stale_rates[rng.below(stale_rates.size())];
  if (rng.below(8) != 0) active_ |= stale_bit;
}

void FaultDice::begin_faults(Rng& rng) {
  const std::uint32_t faults = allowed_ & ~stale_bit;
  if (faults == 0) return;
  chance_ = rates[rng.below(rates.size())];
  // One execution in eight without any fault: a failure that needs none should be found without.
  if (rng.below(8) == 0) return;
  active_ = faults & static_cast<std::uint32_t>(rng.next());
  if (active_ == 0) active_ = faults;
}

std::uint32_t FaultDice::roll(Rng& rng, ChoiceKind kind, std::uint32_t n) const {
  MQ_ASSERT(n > 0);
  if (n == 1) return 0;
  if (kind == ChoiceKind::adapter) return rng.below(n);
  const std::uint32_t chance = kind == ChoiceKind::stale_read ? stale_chance_ : chance_;
  if ((active_ & fault_bit(kind)) == 0 || !rng.chance(chance)) return 0;
  if (kind == ChoiceKind::stale_read) return 1 + rng.below(n - 1);
  // The smaller of two draws: small delays are the more telling ones.
  return 1 + std::min(rng.below(n - 1), rng.below(n - 1));
}

}  // namespace mapquake
