#include "harness/cli/bench_text.hpp"

#include "harness/history/program.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace mapquake::cli {
namespace {

using real::Measured;
using Row = std::vector<std::string>;

/// Columns as wide as they must be; all but the first are aligned right.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], reports::display_width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += ' ' + (i == 0 ? reports::padded(row[i], widths[i]) : reports::padded_left(row[i], widths[i])) + ' ';
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string per_call(double all, const Measured& measured) {
  double calls = 0;
  for (const auto& repetition : measured.repetitions) calls += static_cast<double>(repetition.operations);
  return calls > 0 ? fmt::format("{:.2f}", all / calls) : "";
}

Row row_of(const Measured& measured) {
  const real::Job& job = measured.point.job;
  const bool scripted = job.task == real::Task::preset;
  Row row{job.map, scripted ? "script" : fmt::format("{} %", job.write_percent), std::to_string(job.threads),
          scripted ? "own" : std::string(real::name_of(job.keys)), std::to_string(measured.point.value_bytes)};
  const auto rates = measured.rates();
  if (rates.empty()) {
    row.push_back(real::text_of(measured.ending));
    return row;
  }
  const real::Estimate rate = real::estimate(rates);
  row.push_back(rate_text(rate.mean));
  row.push_back(rates.size() > 1 ? fmt::format("±{:.1f} %", 100 * rate.half_width / rate.mean) : "");
  if (!measured.repetitions.empty()) {
    const real::Latency latency = measured.corrected();
    for (const auto value : {latency.p50, latency.p99, latency.p999, latency.max}) {
      row.push_back(reports::time_text(static_cast<double>(value)));
    }
    double allocations = 0;
    double bytes = 0;
    for (const auto& repetition : measured.repetitions) {
      allocations += repetition.allocations;
      bytes += repetition.allocated_bytes;
    }
    row.push_back(per_call(allocations, measured));
    row.push_back(per_call(bytes, measured));
  }
  if (measured.ending.how != real::Ended::done) row.push_back(real::text_of(measured.ending));
  return row;
}

std::string hardware_text(std::span<const Measured> points) {
  std::string text;
  std::set<std::string> refused;
  for (const Measured& measured : points) {
    real::Counters sum;
    double calls = 0;
    for (const auto& repetition : measured.repetitions) {
      if (!repetition.counters.refused.empty()) refused.insert(repetition.counters.refused);
      sum.instructions += repetition.counters.instructions;
      sum.cycles += repetition.counters.cycles;
      sum.cache_misses += repetition.counters.cache_misses;
      calls += static_cast<double>(repetition.operations);
    }
    if (sum.instructions <= 0 || calls <= 0) continue;
    text +=
        fmt::format("  {}: {:.0f} instructions, {:.0f} cycles, {:.2f} cache misses a call\n", name_of(measured.point),
                    sum.instructions / calls, sum.cycles / calls, sum.cache_misses / calls);
  }
  for (const std::string& why : refused) text += "  instructions and cache misses are not known: " + why + '\n';
  return text;
}

std::string word_for(real::Agreement agreement, double reported) {
  switch (agreement) {
    case real::Agreement::agrees:
      return "agrees";
    case real::Agreement::same_direction:
      return "same direction, another factor";
    case real::Agreement::too_wide:
      return "too noisy to tell";
    case real::Agreement::undecided:
      return "disagrees: none is faster here";
    case real::Agreement::contradicts:
      return reported > 1 ? "disagrees: slower here" : "disagrees: faster here";
  }
  return {};
}

std::string crossover_text(const real::Preset& preset, std::span<const real::Compared> compared) {
  if (!preset.has_crossover) return {};
  const real::Crossover crossover = real::crossover(compared);
  switch (crossover.where) {
    case real::Crossover::Where::between:
      return fmt::format("  the sides change between {} and {}\n", compared[crossover.at].comparison.what,
                         compared[crossover.at + 1].comparison.what);
    case real::Crossover::Where::nowhere:
      return "  the sides do not change within the sweep: no crossover here\n";
    case real::Crossover::Where::unknown:
      return "  not all of the sweep was measured: whether the sides change is not known\n";
  }
  return {};
}

}  // namespace

std::string rate_text(double per_second) {
  return reports::grouped(static_cast<std::uint64_t>(std::llround(per_second)));
}

std::string name_of(const real::Point& point) {
  const real::Job& job = point.job;
  if (job.task == real::Task::preset) return fmt::format("{}, {}", job.map, reports::counted(job.threads, "thread"));
  std::string name =
      fmt::format("{}, {} % writes, {}", job.map, job.write_percent, reports::counted(job.threads, "thread"));
  if (job.keys != real::Keys::uniform) name += fmt::format(", {}", real::name_of(job.keys));
  if (point.value_bytes != 8) name += fmt::format(", {} bytes", point.value_bytes);
  return name;
}

std::string sentence_for(real::Cause cause) {
  switch (cause) {
    case real::Cause::growth:
      return "grew the map";
    case real::Cause::pause:
      return "were paused (the kernel took the processor away)";
    case real::Cause::behind_growth:
      return "waited while another call grew the map";
    case real::Cause::behind_pause:
      return "waited while another call was paused";
    case real::Cause::wait:
      return "waited";
    case real::Cause::page_faults:
      return "touched new memory";
    case real::Cause::unknown:
      return "for no known reason (interrupts, hypervisor, spinning)";
  }
  return {};
}

std::string text_of(const real::Explained& explained) {
  const real::SlowCall& call = explained.call;
  std::string text = fmt::format("{}({}) of thread {} at {}:", mapquake::name_of(call.kind), call.key, call.thread + 1,
                                 reports::time_text(static_cast<double>(call.begin_ns)));
  if (call.preempted > 0) text += fmt::format(" paused {},", reports::counted(call.preempted, "time"));
  if (call.waited > 0) text += fmt::format(" waited {},", reports::counted(call.waited, "time"));
  if (call.allocations > 0) {
    text += fmt::format(" {} of {} bytes (the greatest {}),", reports::counted(call.allocations, "allocation"),
                        reports::grouped(call.bytes), reports::grouped(call.largest));
  }
  if (call.page_faults > 0) text += fmt::format(" {},", reports::counted(call.page_faults, "page fault"));
  if (explained.growth) {
    text += fmt::format(" while thread {}'s {} allocated {} bytes in {},", explained.growth->thread + 1,
                        mapquake::name_of(explained.growth->kind), reports::grouped(explained.growth->bytes),
                        reports::time_text(static_cast<double>(explained.growth->end_ns - explained.growth->begin_ns)));
  }
  if (explained.pause) {
    text += fmt::format(" while thread {}'s {} was paused and took {},", explained.pause->thread + 1,
                        mapquake::name_of(explained.pause->kind),
                        reports::time_text(static_cast<double>(explained.pause->end_ns - explained.pause->begin_ns)));
  }
  if (text.back() == ':') return text + " nothing was seen of it";
  text.pop_back();
  return text;
}

std::string heading(const Machine& machine, const real::Job& job) {
  const std::string each =
      job.task == real::Task::preset ? " of the whole script" : fmt::format(" of {} s each", job.seconds);
  return fmt::format("{} · load {:.1f}{} · {}{}\n", reports::counted(machine.processors, "processor"), machine.load,
                     machine.load > 0.3 ? " (loaded: figures are worse and vary)" : "",
                     reports::counted(job.repetitions, "repetition"), each);
}

std::string table(std::span<const Measured> points) {
  std::vector<Row> rows{{"map", "writes", "threads", "keys", "bytes", "calls/s", "95 %", "P50", "P99", "P99.9", "max",
                         "allocs", "bytes/call"}};
  for (const Measured& measured : points) rows.push_back(row_of(measured));
  return aligned(rows);
}

std::string slow_calls(std::span<const Measured> points, std::size_t shown, std::size_t width) {
  std::string text;
  for (const Measured& measured : points) {
    if (shown == 0 || measured.repetitions.empty()) continue;
    const auto calls = real::explain(measured.repetitions.back());
    if (calls.empty()) continue;
    const auto least = calls.back().call.end_ns - calls.back().call.begin_ns;
    const auto& last = measured.repetitions.back();
    text += fmt::format("\n{}: the {} of the last repetition (from {}; {})\n", name_of(measured.point),
                        reports::counted(calls.size(), "slowest call"), reports::time_text(static_cast<double>(least)),
                        reports::counted(last.growth_count, "call") + " that allocated much");
    const auto counts = real::count_causes(calls);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0) text += fmt::format("  {:>3} {}\n", counts[i], sentence_for(static_cast<real::Cause>(i)));
    }
    for (std::size_t i = 0; i < calls.size() && i < shown; ++i) {
      const auto took = calls[i].call.end_ns - calls[i].call.begin_ns;
      text += reports::wrapped(fmt::format("  {:>8}  ", reports::time_text(static_cast<double>(took))),
                               text_of(calls[i]), width);
    }
  }
  return text;
}

std::string remarks(std::span<const Measured> points, const Machine& machine, std::size_t width) {
  std::string text = reports::wrapped(
      "  ",
      "Latencies are corrected for coordinated omission: as a client would have seen them that calls as often as a "
      "thread did on average (--json has both); with --rate they are timed from when calls were due.",
      width);
  if (std::ranges::any_of(points, [&](const Measured& m) { return m.point.job.threads > machine.processors; })) {
    text += reports::wrapped("  ",
                             fmt::format("More threads than the {}: they take turns, which shows in P99.9 and max.",
                                         reports::counted(machine.processors, "processor")),
                             width);
  }
  for (const Measured& measured : points) {
    std::uint64_t errors = 0;
    for (const auto& repetition : measured.repetitions) errors += repetition.errors;
    if (errors > 0) {
      text += fmt::format("  {}: {} ended with an exception or a refusal\n", name_of(measured.point),
                          reports::counted(errors, "call"));
    }
  }
  return text + hardware_text(points);
}

std::string comparison_text(const real::Preset& preset, std::span<const Measured> points, std::size_t width) {
  const auto compared = real::compare(preset, points);
  std::vector<Row> rows{{"comparison", "reported", "measured", "95 %", ""}};
  std::string conditions;
  for (const real::Compared& each : compared) {
    Row row{each.comparison.what, each.comparison.reported ? fmt::format("{:.2f}", *each.comparison.reported) : "–"};
    if (each.measured) {
      row.push_back(fmt::format("{:.2f}", each.measured->value));
      row.push_back(fmt::format("{:.2f}–{:.2f}", each.measured->low, each.measured->high));
      if (each.comparison.reported) row.push_back(word_for(real::agreement(each), *each.comparison.reported));
    } else {
      row.insert(row.end(), {"none", ""});
    }
    rows.push_back(std::move(row));
    if (!each.comparison.conditions.empty()) {
      conditions += reports::wrapped(fmt::format("  {}: ", each.comparison.what), each.comparison.conditions, width);
    }
  }
  std::string text = aligned(rows) + crossover_text(preset, compared);
  for (const Measured& measured : points) {
    if (preset.live_keys == 0 || measured.presets.empty()) continue;
    const auto wrong =
        std::ranges::find_if(measured.presets, [&](const auto& run) { return run.live != preset.live_keys; });
    const auto live = wrong == measured.presets.end() ? preset.live_keys : wrong->live;
    text += fmt::format("  {}: {} live keys of {}{}\n", measured.point.job.map, reports::grouped(live),
                        reports::grouped(preset.live_keys), live == preset.live_keys ? "" : ": keys were lost");
  }
  return text + conditions + reports::wrapped("  ", preset.caveat, width);
}

}  // namespace mapquake::cli
