// What recording a call costs: two stamps and one record. Issue 16 asks for at most 40 ns.
#include <mapquake/record.hpp>

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace mapquake {
namespace {

void record_a_call(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() / "mapquake_record_bench.mqrec";
  {
    constexpr std::uint64_t calls = std::uint64_t{1} << 20;
    Recording recording(path.string(), {1, calls, true});
    RecordedThread recorder(recording);
    std::int64_t key = 0;
    for (auto unused : state) {
      ++key;
      recorder.end(recorder.begin(Recorded::insert, key, key), true);
    }
    state.counters["dropped"] = static_cast<double>(recording.dropped());
  }
  std::filesystem::remove(path);
}
BENCHMARK(record_a_call)->Iterations(1'000'000);

}  // namespace
}  // namespace mapquake
