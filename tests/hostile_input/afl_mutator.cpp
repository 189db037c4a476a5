// The mutator of files for afl-fuzz. docs/hostile-input.md.
#include "tests/support/afl_mutator.hpp"
#include "tests/hostile_input/mutator.hpp"

#include <algorithm>
#include <string>

namespace mapquake::testing_support {

std::vector<std::uint8_t> mutation_of(std::span<const std::uint8_t> input, std::span<const std::uint8_t> other,
                                      std::size_t size_max, Rng& rng) {
  const auto text_of = [](std::span<const std::uint8_t> bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  const std::string text =
      hostile::mutated(hostile::chosen_format(), text_of(input), text_of(other.empty() ? input : other), size_max, rng);
  // The seal behind the text may take it beyond the limit.
  return {text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), size_max))};
}

}  // namespace mapquake::testing_support
