#include "harness/strategy/fault_dice.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

constexpr std::uint32_t stale_bit = fault_bit(ChoiceKind::stale_read);

/// What is asked about at each scheduling point. Where such take part, they are most of the faults there are.
constexpr std::uint32_t stalls =
    fault_bit(ChoiceKind::delay) | fault_bit(ChoiceKind::pause) | fault_bit(ChoiceKind::crash);

/// One fault in so many questions. Often enough to hit one of a few events, rarely enough to hit one of thousands: no
/// single rate does both.
const std::array<Geometric, 5> fault_rates{Geometric(1.0 / 2), Geometric(1.0 / 6), Geometric(1.0 / 20),
                                           Geometric(1.0 / 100), Geometric(1.0 / 1000)};

/// Of 2^16. Questions of this kind are rarer: most loads have nothing but the newest value to read.
constexpr std::array<std::uint32_t, 4> stale_rates{65536 / 2, 65536 / 3, 65536 / 6, 65536 / 16};

}  // namespace

FaultDice::FaultDice(std::uint32_t fault_mask) : allowed_(fault_mask), faults_(fault_rates.front()) {}

void FaultDice::begin(Rng& rng) {
  active_ = until_fault_ = 0;
  begin_faults(rng);
  if ((allowed_ & stale_bit) == 0) return;
  stale_chance_ = stale_rates[rng.below(stale_rates.size())];
  if (rng.below(8) != 0) active_ |= stale_bit;
}

void FaultDice::begin_faults(Rng& rng) {
  const std::uint32_t faults = allowed_ & ~stale_bit;
  if (faults == 0) return;
  faults_ = fault_rates[rng.below(fault_rates.size())];
  // One execution in eight without any fault: a failure that needs none should be found without.
  if (rng.below(8) == 0) return;
  const std::uint64_t drawn = rng.next();
  active_ = faults & static_cast<std::uint32_t>(drawn);
  if (active_ == 0) active_ = faults;
  // One execution in four is for the rarer questions alone: the only timed wait of a program comes up once.
  const bool spares_stalls = drawn >> 62 == 0 && (active_ & ~stalls) != 0;
  if (spares_stalls) active_ &= ~stalls;
  until_fault_ = faults_.draw(rng);
}

void FaultDice::skip(std::uint32_t count) {
  MQ_ASSERT(count <= until_fault_);
  until_fault_ -= count;
}

std::uint32_t FaultDice::roll(Rng& rng, ChoiceKind kind, std::uint32_t n) {
  MQ_ASSERT(n > 0);
  if (n == 1) return 0;
  if (kind == ChoiceKind::adapter) return rng.below(n);
  if ((active_ & fault_bit(kind)) == 0) return 0;
  if (kind == ChoiceKind::stale_read) return rng.chance(stale_chance_) ? 1 + rng.below(n - 1) : 0;
  if (until_fault_ > 0) {
    --until_fault_;
    return 0;
  }
  until_fault_ = faults_.draw(rng);
  // The smaller of two draws: small delays are the more telling ones.
  return 1 + std::min(rng.below(n - 1), rng.below(n - 1));
}

}  // namespace mapquake
