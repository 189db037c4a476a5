#include "scenarios/equal_values.hpp"

#include "harness/base/rng.hpp"

namespace mapquake {
namespace {

constexpr std::uint64_t salt = 0x616c696b65;  // so that it has nothing to do with what else follows from seeds

std::int64_t one_of_two(Rng& rng) {
  return 1 + rng.below(2);
}

}  // namespace

bool gets_equal_values(std::uint64_t seed) {
  return mix64(seed ^ salt) % programs_per_equal_values == 0;
}

void give_equal_values(std::uint64_t seed, Numbers can_hold, Program& program) {
  if (!gets_equal_values(seed)) return;
  if (can_hold.stated() && !(can_hold.contains(1) && can_hold.contains(2))) return;
  Rng rng(mix64(seed + salt));
  for (abi::Entry& entry : program.prefill) entry.value = one_of_two(rng);
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (writes_value(operation.kind)) operation.value = one_of_two(rng);
    }
  }
}

}  // namespace mapquake
