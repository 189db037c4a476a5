// libFuzzer and AFL++ over a map: the bytes are a program and the choices of its execution
// (harness/case/case_bytes.hpp). The map runs in a worker process, as in every campaign: this one never runs its code,
// so its stacks, signals and addresses are the engine's. What the engine sees of an execution is which steps of the map
// followed which at the switches between threads, and which answers its operations gave. docs/fuzzing-engines.md.
#include "harness/campaign/finding.hpp"
#include "harness/case/case_bytes.hpp"
#include "harness/parent/catalogue.hpp"
#include "harness/parent/symbolizer.hpp"
#include "harness/store/replay_file.hpp"
#include "harness/store/signature.hpp"
#include "harness/worker/template_process.hpp"
#include "tests/map_fuzzer/mutator.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

using namespace mapquake;

extern "C" {
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);
// Of AFL++'s afl-compiler-rt.o (its instrumentation/README.instrument_list.md): its map of counters, from which inputs
// that are worth keeping follow. With another engine they are null.
void __afl_coverage_interesting(std::uint8_t value, std::uint32_t id) __attribute__((weak));
extern std::uint32_t __afl_map_size __attribute__((weak));
}

namespace {

constexpr std::size_t counters_count = std::size_t{1} << 14;

/// libFuzzer takes counters in this section for coverage. AFL++ does not know it.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[counters_count];

void count(std::uint64_t feature) {
  std::uint8_t& counter = counters[mix64(feature) % counters_count];
  if (counter < 255) ++counter;
}

/// What libFuzzer does by itself: takes the counters of this execution, and empties them for the next.
void give_counters_to_afl() {
  // Direct calls are changed by AFL++'s compiler: they are given an id of its own.
  static void (*volatile const function)(std::uint8_t, std::uint32_t) = __afl_coverage_interesting;
  const auto interesting = function;
  if (interesting == nullptr) return;
  for (std::uint32_t id = 0; id < counters_count; ++id) {
    if (counters[id] != 0) interesting(std::exchange(counters[id], std::uint8_t{0}), id % __afl_map_size);
  }
}

[[noreturn]] void refuse(const std::string& what) {
  std::fprintf(stderr, "mapquake: %s\n", what.c_str());
  ::_exit(static_cast<int>(ExitCode::usage));  // exit() is a crash to libFuzzer
}

/// $MAPQUAKE_MAP of $MAPQUAKE_PLUGIN, or its only one.
MapInfo chosen_map() {
  const char* const plugin = std::getenv("MAPQUAKE_PLUGIN");
  const char* const name = std::getenv("MAPQUAKE_MAP");
  if (plugin == nullptr) refuse("set MAPQUAKE_PLUGIN to the plugin with the map, and MAPQUAKE_MAP to its name");
  const auto maps = read_plugin(plugin);
  if (!maps) refuse(maps.error().what + ". " + maps.error().hint);
  if (name == nullptr && maps->size() == 1) return maps->front();
  const auto at = std::ranges::find(*maps, name == nullptr ? "" : name, &MapInfo::name);
  if (at != maps->end()) return *at;
  std::string names;
  for (const MapInfo& map : *maps) names += " " + map.name;
  refuse("set MAPQUAKE_MAP to one of" + names);
}

struct Target {
  MapInfo map = chosen_map();
  std::unique_ptr<Executor> executor = [this] {
    auto made = make_executor(map, Limits{});
    if (!made) refuse(made.error().what);
    return std::move(*made);
  }();
};

Target& target() {
  static Target the_target;
  return the_target;
}

void count_features(const Execution& execution) {
  std::uint64_t before = 0;
  ThreadId thread = main_thread;
  for (const TraceEvent& event : execution.trace.events) {
    if (event.pc == 0) continue;
    if (event.thread != thread) count(before ^ mix64(event.pc));
    thread = event.thread;
    before = event.pc;
  }
  for (const Call& call : execution.history.calls) {
    count(mix64(static_cast<std::uint64_t>(call.operation.kind)) + static_cast<std::uint64_t>(call.status) * 8 +
          call.flag * 2u + call.has_value);
  }
}

void tell(const Case& failing, const Execution& execution) {
  const Target& here = target();
  Symbolizer symbolizer(here.map);
  const SiteFunction site = [&](std::uint64_t pc) -> const Site& { return symbolizer.site(pc); };
  ReplayFile file = replay_file_of(failing.program, execution, here.map, "map-fuzzer", site);
  file.signature = signature_of(file, telling_places_of(execution, site));
  std::fprintf(stderr, "mapquake: %s: %s\n%s\n", std::string(name_of(file.outcome)).c_str(), file.why.c_str(),
               to_toml(file).c_str());
  if (const char* const store = std::getenv("MAPQUAKE_STORE")) {
    const auto path = std::filesystem::path(store) / file_name_for(file);
    const auto saved = save_replay(file, path);
    std::fprintf(stderr, "mapquake: %s\n", saved ? path.c_str() : saved.error().what.c_str());
  }
}

/// Leaves what is there where there is nothing to put.
std::size_t put(const std::vector<std::uint8_t>& bytes, std::uint8_t* data, std::size_t size) {
  if (bytes.empty()) return size;
  std::memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}

}  // namespace

// Workers are this executable again: then this does not return.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  serve_if_child(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Case one = from_bytes({data, size});
  const Execution execution = target().executor->execute(one, true);
  count_features(execution);
  give_counters_to_afl();
  if (execution.violation.outcome == Outcome::clean) return 0;
  // A worker that somebody has killed says nothing about the map.
  if (execution.violation.outcome == Outcome::nondeterministic) return -1;
  tell({one.program, execution.choices}, execution);
  std::abort();
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
  if (seed % 8 == 0) return LLVMFuzzerMutate(data, size, size_max);
  Rng rng(seed);
  return put(map_fuzzer::changed({data, size}, size_max, rng), data, size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size, std::uint8_t* out,
                                                 std::size_t size_max, unsigned seed) {
  Rng rng(seed);
  return put(map_fuzzer::crossed({one, one_size}, {other, other_size}, size_max, rng), out, 0);
}
