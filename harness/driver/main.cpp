// mapquake-driver: real threads on an uninstrumented map. Started by `mapquake bench` and `mapquake stress`, which give
// it a job as its only argument and read its messages, a line each; a crash of the map ends this process alone.
#include "harness/driver/bench.hpp"
#include "harness/driver/delays.hpp"
#include "harness/driver/loaded_map.hpp"
#include "harness/driver/stress.hpp"
#include "harness/driver/workload.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace mapquake::driver {
namespace {

void say(const real::Message& message) {
  const std::string line = real::encode(message) + '\n';
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t count = ::write(real::message_descriptor, line.data() + at, line.size() - at);
    if (count <= 0) ::_exit(1);  // nobody listens any more
    at += static_cast<std::size_t>(count);
  }
}

/// A byte for each round; the end of the file for no further one.
bool may_go_on() {
  char permit = 0;
  return ::read(real::permit_descriptor, &permit, 1) == 1;
}

abi::HashMode hash_mode_of(real::Keys keys) {
  return keys == real::Keys::colliding ? abi::HashMode::constant : abi::HashMode::good;
}

void serve(const real::Job& job) {
  LoadedPlugin plugin(job.plugin);
  if (!plugin.error().empty()) return say({.error = plugin.error()});
  if (job.task == real::Task::describe) return say({.maps = plugin.maps()});
  const abi::Map* const map = plugin.find(job.map);
  if (map == nullptr) return say({.error = "the plugin has no map " + job.map});
  plugin.set_hash_mode(hash_mode_of(job.keys));
  if (job.task == real::Task::stress) {
    plugin.set_point([](const char* name) { maybe_delay(name); });
    return run_stress(job, *map, plugin.base(), say, may_go_on);
  }
  if (!can_be_benched(map->operations & ~map->claims.exclusive_operations)) {
    return say({.error = "the map has nothing that reads, or nothing that writes"});
  }
  if (job.task == real::Task::bench) run_bench(job, *map, say);
  if (job.task == real::Task::preset) run_preset(job, *map, say);
}

}  // namespace
}  // namespace mapquake::driver

int main(int argc, char** argv) {
  using namespace mapquake;
  // Ends with the command that started it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto job = argc == 2 ? real::decode_job(argv[1]) : std::nullopt;
  if (!job) {
    std::fputs("mapquake-driver is started by `mapquake bench` and `mapquake stress`.\n", stderr);
    return 64;
  }
  driver::serve(*job);
  std::fflush(nullptr);
  // What the map's library would do at the end of the process is none of the measurement.
  ::_exit(0);
}
