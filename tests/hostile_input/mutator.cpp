#include "tests/hostile_input/mutator.hpp"

#include "harness/store/seal.hpp"

#include <algorithm>
#include <array>

namespace mapquake::hostile {
namespace {

std::size_t below(Rng& rng, std::size_t n) {
  return n == 0 ? 0 : rng.below(static_cast<std::uint32_t>(n));
}

std::string edge_number(Rng& rng) {
  static constexpr std::array edges{"0",
                                    "-1",
                                    "1",
                                    "255",
                                    "65536",
                                    "2147483648",
                                    "4294967295",
                                    "4294967296",
                                    "9223372036854775807",
                                    "-9223372036854775808",
                                    "18446744073709551615",
                                    "1.5",
                                    "1e308"};
  return edges[below(rng, edges.size())];
}

void edit(Format format, std::string& text, std::string_view other, Rng& rng) {
  const std::size_t at = below(rng, text.size() + 1), rest = text.size() - at;
  const std::size_t length = std::min(rest, below(rng, rng.chance(1 << 13) ? 4096 : 24));
  switch (rng.below(9)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << rng.below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(rng.below(256));
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, text.substr(at, length));
      break;
    case 4: {
      const auto& words = dictionary(format);
      text.insert(at, words[below(rng, words.size())]);
      break;
    }
    case 5: {
      const std::size_t from = below(rng, other.size() + 1);
      text.replace(at, length, other.substr(from, below(rng, 64)));
      break;
    }
    case 6: {
      // A number becomes another one.
      const std::size_t digit = text.find_first_of("0123456789", at);
      if (digit == std::string::npos) break;
      const std::size_t end = std::min(text.find_first_not_of("0123456789", digit), text.size());
      text.replace(digit, end - digit, edge_number(rng));
      break;
    }
    case 7: {
      const std::size_t to = below(rng, text.size() + 1);
      const std::string piece = text.substr(at, length);
      text.insert(to, piece);
      break;
    }
    default: {
      // Much of the same: depth, and length.
      const std::string piece = text.substr(at, std::min<std::size_t>(rest, 1 + rng.below(4)));
      std::string many;
      for (std::uint32_t n = rng.below(200); n > 0; --n) many += piece;
      text.insert(at, many);
      break;
    }
  }
}

}  // namespace

std::string mutated(Format format, std::string input, std::string_view other, std::size_t limit, Rng& rng) {
  const bool is_replay = format == Format::replay || format == Format::edited_replay;
  const bool seal = is_replay && (format == Format::replay ? !rng.chance(1 << 13) : rng.chance(1 << 15));
  std::string text = seal ? std::string(read_seal(input).body) : std::move(input);
  // One is the rule: what is broken in many places is refused for the first of them.
  do edit(format, text, other, rng);
  while (rng.chance(1 << 14));
  if (text.size() > limit) text.resize(limit);
  if (!seal) return text;
  if (!text.empty() && text.back() != '\n') text += '\n';
  return sealed(std::move(text));
}

}  // namespace mapquake::hostile
