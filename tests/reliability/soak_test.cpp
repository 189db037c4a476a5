// Executions by the million in the same processes: neither memory nor descriptors grow.
#include "tests/support/process.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing_support::RunningMapquake;
using testing_support::TemporaryDirectory;

struct Sample {
  std::uint64_t resident_kib = 0;  ///< over the parent, its templates and workers
  std::uint64_t descriptors = 0;
};

void add_process(Sample& sample, int pid) {
  const fs::path proc = fs::path("/proc") / std::to_string(pid);
  std::ifstream in(proc / "statm");
  std::uint64_t size = 0, resident = 0;
  if (in >> size >> resident) sample.resident_kib += resident * static_cast<std::uint64_t>(::getpagesize()) / 1024;
  std::error_code ignored;
  for (fs::directory_iterator at(proc / "fd", ignored), end; at != end; at.increment(ignored)) ++sample.descriptors;
}

Sample sample_of(const RunningMapquake& running) {
  Sample sample;
  add_process(sample, running.pid());
  for (const int pid : running.templates()) add_process(sample, pid);
  for (const int pid : running.workers()) add_process(sample, pid);
  return sample;
}

/// Whether the last third of a series lies above the middle one by more than `slack`. The first third is the time in
/// which caches fill. Of each third the greatest counts: what was needed once is needed.
bool grows(const std::vector<std::uint64_t>& series, std::uint64_t slack) {
  const auto third = static_cast<std::ptrdiff_t>(series.size() / 3);
  const std::uint64_t middle = *std::max_element(series.begin() + third, series.end() - third);
  return *std::max_element(series.end() - third, series.end()) > middle + slack;
}

constexpr std::uint64_t slack_kib = 2048;

TEST(Growth, IsSeenWhereThereIsSome) {
  std::vector<std::uint64_t> flat, leaking, filled;
  for (std::uint64_t i = 0; i < 300; ++i) {
    flat.push_back(80'000 + i * 7919 % 1500);
    leaking.push_back(80'000 + i * 40 + i * 7919 % 1500);
    filled.push_back(std::min<std::uint64_t>(80'000 + i * 1000, 120'000));
  }
  EXPECT_FALSE(grows(flat, slack_kib));
  EXPECT_TRUE(grows(leaking, slack_kib));
  EXPECT_FALSE(grows(filled, slack_kib)) << "caches fill once";
}

/// $MAPQUAKE_SOAK executions: `make soak` asks for 10^8.
TEST(Soak, NeitherMemoryNorDescriptorsGrow) {
  const char* const asked = std::getenv("MAPQUAKE_SOAK");
  const std::string executions = asked != nullptr ? asked : "150000";
  const TemporaryDirectory directory;
  RunningMapquake running({"run", "--map", "rwlock_map", "--scenario", "mixed-operations", "--jobs", "1",
                           "--executions", executions, "--store", directory.path() / "store"},
                          directory.path());
  std::vector<std::uint64_t> memory, descriptors;
  while (testing_support::is_alive(running.pid())) {
    if (const Sample sample = sample_of(running); !running.workers().empty()) {
      memory.push_back(sample.resident_kib);
      descriptors.push_back(sample.descriptors);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(running.wait(), 0) << running.out() << running.err();
  ASSERT_GE(memory.size(), 30u) << "too few samples to tell";
  // The last samples are of processes that end.
  memory.resize(memory.size() - 3);
  descriptors.resize(descriptors.size() - 3);
  EXPECT_FALSE(grows(memory, slack_kib)) << memory[memory.size() / 2] << " KiB, then " << memory.back();
  EXPECT_FALSE(grows(descriptors, 0)) << descriptors[descriptors.size() / 2] << ", then " << descriptors.back();
  RecordProperty("samples", std::to_string(memory.size()));
  RecordProperty("resident_kib", std::to_string(memory.back()));
  if (asked != nullptr) {
    std::printf("%s executions: %zu samples, %lu KiB after a third, %lu KiB at the end, %lu descriptors\n",
                executions.c_str(), memory.size(), memory[memory.size() / 3], memory.back(), descriptors.back());
  }
}

}  // namespace
}  // namespace mapquake
