#include "tests/hostile_input/mutator.hpp"

#include "harness/store/seal.hpp"

#include <time.h>

#include <algorithm>
#include <array>

namespace mapquake::hostile {
namespace {

constexpr std::size_t pool_max = 200, bytes_max = 16 << 10;

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

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
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

Campaign explore(Format format, std::span<const std::string> samples, std::uint64_t count, std::uint64_t seed) {
  Campaign campaign;
  Rng rng(mix64(seed) ^ static_cast<std::uint64_t>(format));
  std::vector<std::string> pool(samples.begin(), samples.end());
  MQ_ASSERT(!pool.empty());
  for (; campaign.inputs < count; ++campaign.inputs) {
    const std::string& parent = pool[below(rng, pool.size())];
    const std::string input = mutated(format, parent, pool[below(rng, pool.size())], bytes_max, rng);
    const double before = processor_seconds();
    const Verdict verdict = judge(format, input);
    const double seconds = processor_seconds() - before;
    if (seconds > campaign.slowest_s) campaign.slowest_s = seconds, campaign.slowest = input;
    campaign.read += verdict.read ? 1 : 0;
    if (!verdict.unsound.empty() && campaign.findings.size() < 10)
      campaign.findings.push_back({input, verdict.unsound});
    // Descendants go further from the samples, which stay. Of what was refused, few: their children are refused alike.
    if (!rng.chance(verdict.read ? 1 << 12 : 1 << 5)) continue;
    if (pool.size() < pool_max) {
      pool.push_back(input);
    } else if (pool_max > samples.size()) {
      pool[samples.size() + below(rng, pool_max - samples.size())] = input;
    }
  }
  return campaign;
}

}  // namespace mapquake::hostile
