// mapquake_hostile_input ROOT INPUTS [SEED [FORMAT]]: so many mutated inputs of each format, or of one. Prints a line
// for each; exit code 1 where an answer was unsound, took more than a second or, all in all, more than 64 MiB. Inputs
// are left in the temporary directory.
#include "tests/hostile_input/explore.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using namespace mapquake::hostile;

constexpr double seconds_max = 1;
constexpr long kib_max = 64 << 10;

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

fs::path keep(Format format, const std::string& input, std::size_t number) {
  const fs::path path =
      fs::temp_directory_path() / ("hostile-" + std::string(name_of(format)) + "-" + std::to_string(number));
  std::ofstream(path, std::ios::binary) << input;
  return path;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("usage: mapquake_hostile_input ROOT INPUTS [SEED [FORMAT]]\n", stderr), 64;
  const std::uint64_t count = std::strtoull(argv[2], nullptr, 10),
                      seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  int code = 0;
  const long before = peak_kib();
  for (const Format format : formats) {
    if (argc > 4 && name_of(format) != argv[4]) continue;
    const auto inputs = samples(format, argv[1]);
    const auto began = std::chrono::steady_clock::now();
    const Campaign campaign = explore(format, inputs, count, seed);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const long more = peak_kib() - before;
    std::printf("%-14s %llu inputs (%.0f %% read), %.0f s, slowest %.3f s, peak so far +%ld MiB, %zu unsound\n",
                name_of(format).data(), static_cast<unsigned long long>(campaign.inputs),
                100.0 * static_cast<double>(campaign.read) / static_cast<double>(campaign.inputs), took.count(),
                campaign.slowest_s, more >> 10, campaign.findings.size());
    for (std::size_t i = 0; i < campaign.findings.size(); ++i) {
      std::printf("  %s: %s\n", keep(format, campaign.findings[i].input, i).c_str(), campaign.findings[i].what.c_str());
    }
    if (campaign.slowest_s > seconds_max) std::printf("  slowest: %s\n", keep(format, campaign.slowest, 99).c_str());
    std::fflush(stdout);
    if (!campaign.findings.empty() || campaign.slowest_s > seconds_max || more > kib_max) code = 1;
  }
  return code;
}
