// Resident memory of a campaign's processes at their largest (VmHWM, proc(5)).
#include "tests/bench/figures.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

namespace mapquake::bench {
namespace {

double peak_mib(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; in >> word;) {
    double kib = 0;
    if (word == "VmHWM:" && in >> kib) return kib / 1024;
  }
  return 0;
}

void resident(benchmark::State& state) {
  double parent = 0, worker = 0;
  for (auto _ : state) {
    const testing_support::TemporaryDirectory directory;
    testing_support::RunningMapquake running({"run", "--all", "--time", "10s", "--store", directory.path() / "store"},
                                             directory.path());
    while (testing_support::is_alive(running.pid())) {
      parent = std::max(parent, peak_mib(running.pid()));
      for (const int pid : running.workers()) worker = std::max(worker, peak_mib(pid));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    running.wait();
    state.SetIterationTime(10);
  }
  figures().set({"resident memory of the parent, all maps", parent, "MiB", Aim::at_most, 100});
  figures().set({"resident memory of a worker, all maps", worker, "MiB", Aim::at_most, 256});
}
BENCHMARK(resident)->Iterations(1)->UseManualTime();

}  // namespace
}  // namespace mapquake::bench
