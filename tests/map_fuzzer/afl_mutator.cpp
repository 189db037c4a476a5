// The mutator of the map fuzzer for afl-fuzz. docs/fuzzing-engines.md.
#include "tests/support/afl_mutator.hpp"
#include "tests/map_fuzzer/mutator.hpp"

namespace mapquake::testing_support {

std::vector<std::uint8_t> mutation_of(std::span<const std::uint8_t> input, std::span<const std::uint8_t> other,
                                      std::size_t size_max, Rng& rng) {
  // afl-fuzz goes on from what it was given where libFuzzer goes on from its last mutation: this makes up for that.
  std::vector<std::uint8_t> mutation(input.begin(), input.end());
  do {
    const bool crosses = !other.empty() && rng.below(3) == 0;
    auto next =
        crosses ? map_fuzzer::crossed(mutation, other, size_max, rng) : map_fuzzer::changed(mutation, size_max, rng);
    if (!next.empty()) mutation = std::move(next);
  } while (rng.below(3) != 0);
  return mutation;
}

}  // namespace mapquake::testing_support
