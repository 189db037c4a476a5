#include "tests/hostile_input/explore.hpp"

#include "tests/hostile_input/mutator.hpp"

#include <time.h>

namespace mapquake::hostile {
namespace {

constexpr std::size_t pool_max = 200, bytes_max = 16 << 10;

std::size_t below(Rng& rng, std::size_t n) {
  return rng.below(static_cast<std::uint32_t>(n));
}

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

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
