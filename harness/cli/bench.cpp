// `mapquake bench`: how fast is a map with real threads?
#include "harness/cli/bench_html.hpp"
#include "harness/cli/bench_json.hpp"
#include "harness/cli/bench_text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/real_maps.hpp"
#include "harness/real/driver_process.hpp"
#include "harness/store/fsio.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <ostream>

namespace mapquake::cli {
namespace {

using real::Measured;
using real::Point;

Machine this_machine() {
  Machine machine;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    machine.processors = static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  if (::getloadavg(&machine.load, 1) != 1) machine.load = 0;
  return machine;
}

compile::Words size_flags(unsigned bytes) {
  if (bytes == 8) return {};
  return {fmt::format("-DMAPQUAKE_VALUE_BYTES={}", bytes)};
}

/// What all points of a bench have in common.
void complete(real::Job& job, const BenchArguments& arguments) {
  job.seconds = arguments.seconds;
  job.warm_up_seconds = arguments.warm_up_seconds;
  job.repetitions = static_cast<unsigned>(arguments.repetitions);
  job.rate = arguments.rate;
  job.pinned = !arguments.free_threads;
  job.seed = arguments.seed;
}

std::vector<unsigned> threads_of(const BenchArguments& arguments, const Machine& machine) {
  if (!arguments.threads.empty()) return arguments.threads;
  return machine.processors > 1 ? std::vector<unsigned>{1, machine.processors} : std::vector<unsigned>{1};
}

/// Every combination for every map. Maps whose values have one size are measured with that one alone.
Result<std::vector<Point>> grid(const BenchArguments& arguments, const Machine& machine,
                                const Environment& environment) {
  std::vector<Point> points;
  const std::vector<unsigned> sizes = arguments.value_bytes.empty() ? std::vector<unsigned>{8} : arguments.value_bytes;
  for (const unsigned bytes : sizes) {
    if (bytes % 8 != 0) return Error{ExitCode::usage, fmt::format("--value-bytes {}: not a multiple of 8", bytes), ""};
    const auto maps = build_real_maps(arguments.maps, compile::Kind::plain, size_flags(bytes), environment);
    if (!maps) return maps.error();
    for (const BuiltMap& built : *maps) {
      const bool sized = built.map.value_type.find("mapquake::Bytes") != std::string::npos;
      if (!sized && bytes != sizes.front()) continue;
      for (const std::string& keys : arguments.keys) {
        for (const double percent : arguments.write_percents) {
          for (const unsigned threads : threads_of(arguments, machine)) {
            Point point;
            complete(point.job, arguments);
            point.job.task = real::Task::bench;
            point.job.plugin = built.plugin.string();
            point.job.map = built.map.name;
            point.job.threads = threads;
            point.job.keys = *real::keys_named(keys);
            point.job.key_count = arguments.key_count;
            point.job.prefill = std::min(arguments.prefill, arguments.key_count);
            point.job.write_percent = percent;
            point.value_bytes = sized ? bytes : 8;
            point.note = refusal(built.map, threads);
            if (!point.note.empty()) point.note = "not run: " + point.note;
            points.push_back(std::move(point));
          }
        }
      }
    }
  }
  return points;
}

/// The preset's points, out of plugins that are built for their value sizes.
Result<std::vector<Point>> points_of(const real::Preset& preset, const BenchArguments& arguments,
                                     std::map<unsigned, std::string>& plugins, const Environment& environment) {
  std::vector<Point> points;
  for (const real::PresetPoint& wanted : preset.points) {
    if (!plugins.contains(wanted.value_bytes)) {
      const auto maps = build_preset_maps(size_flags(wanted.value_bytes), environment);
      if (!maps) return maps.error();
      plugins[wanted.value_bytes] = maps->front().plugin.string();
    }
    Point point{wanted.job, wanted.value_bytes};
    complete(point.job, arguments);
    point.job.map = wanted.map;
    point.job.plugin = plugins[wanted.value_bytes];
    points.push_back(std::move(point));
  }
  return points;
}

ExitCode verdict(std::span<const Measured> points, std::uint64_t live_keys) {
  ExitCode code = ExitCode::clean;
  for (const Measured& measured : points) {
    const real::Ended how = measured.ending.how;
    const bool lost = live_keys != 0 && std::ranges::any_of(measured.presets, [&](const real::PresetRun& run) {
                        return run.live != live_keys;
                      });
    if (how == real::Ended::crashed || how == real::Ended::hung || lost) return ExitCode::failure_found;
    if (how == real::Ended::failed) code = ExitCode::unknown_only;
  }
  return code;
}

class Bench {
 public:
  Bench(const BenchArguments& arguments, const Environment& environment)
      : arguments_(arguments), environment_(environment), machine_(this_machine()) {}

  int run() {
    const auto code = arguments_.preset.empty() ? run_grid() : run_presets();
    if (!code) return report_error(environment_, code.error());
    if (arguments_.json) environment_.out << bench_json(machine_, sections_) << '\n';
    if (!arguments_.html.empty()) {
      const auto written = write_file_durably(arguments_.html, bench_page(sections_, heading_));
      if (!written) return report_error(environment_, written.error());
      if (!arguments_.json) environment_.out << "plots: " << arguments_.html.string() << '\n';
    }
    if (interrupted()) return environment_.exit_after_signal();
    return static_cast<int>(*code);
  }

 private:
  bool interrupted() const { return environment_.signalled() != 0; }

  std::vector<Measured> measured(std::span<const Point> points) {
    const std::size_t all = points.size() * arguments_.repetitions;
    const auto told = [&](std::size_t done) {
      if (!environment_.live || arguments_.json) return;
      environment_.err << (done == all ? "\r\033[K" : fmt::format("\r\033[K{} of {} repetitions", done, all))
                       << std::flush;
    };
    return real::measure(
        points, real::driver_for(environment_.executable), [this] { return interrupted(); }, told);
  }

  void finish(BenchSection section) {
    if (!arguments_.json) environment_.out << section.text << '\n' << std::flush;
    sections_.push_back(std::move(section));
  }

  void head(const real::Job& job) {
    heading_ = heading(machine_, job);
    if (!arguments_.json) environment_.out << heading_ << '\n';
  }

  Result<ExitCode> run_grid() {
    const auto points = grid(arguments_, machine_, environment_);
    if (!points) return points.error();
    head(points->front().job);
    BenchSection section{"Throughput and latency", "", measured(*points)};
    const std::size_t width = environment_.columns;
    section.text = table(section.points) + '\n' + remarks(section.points, machine_, width) +
                   slow_calls(section.points, arguments_.slow, width);
    const ExitCode code = verdict(section.points, 0);
    finish(std::move(section));
    return code;
  }

  Result<ExitCode> run_presets() {
    const unsigned threads = arguments_.threads.empty() ? 0 : arguments_.threads.front();
    std::map<unsigned, std::string> plugins;
    ExitCode code = ExitCode::clean;
    for (const real::Preset& preset : real::presets(threads)) {
      if (arguments_.preset != "all" && arguments_.preset != preset.name) continue;
      const auto points = points_of(preset, arguments_, plugins, environment_);
      if (!points) return points.error();
      if (heading_.empty()) head(points->front().job);
      BenchSection section{std::string(preset.name), "", measured(*points)};
      const std::size_t width = environment_.columns;
      section.text = fmt::format("{}: {}\n{}\n{}", preset.name, preset.about, table(section.points),
                                 comparison_text(preset, section.points, width));
      const ExitCode here = verdict(section.points, preset.live_keys);
      if (here == ExitCode::failure_found || code == ExitCode::clean) code = here;
      finish(std::move(section));
      if (interrupted()) break;
    }
    return code;
  }

  const BenchArguments& arguments_;
  const Environment& environment_;
  const Machine machine_;
  std::string heading_;
  std::vector<BenchSection> sections_;
};

}  // namespace

int bench(const BenchArguments& arguments, const Environment& environment) {
  return Bench(arguments, environment).run();
}

}  // namespace mapquake::cli
