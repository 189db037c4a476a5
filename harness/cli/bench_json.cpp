#include "harness/cli/bench_json.hpp"

#include "harness/history/program.hpp"

#include <nlohmann/json.hpp>

namespace mapquake::cli {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const real::Latency& latency) {
  return {{"p50", latency.p50}, {"p99", latency.p99}, {"p99_9", latency.p999}, {"max", latency.max}};
}

ordered_json json_of(const real::Repetition& repetition) {
  ordered_json json{{"calls", repetition.operations},
                    {"seconds", repetition.seconds},
                    {"calls_per_second", repetition.rate()},
                    {"latency_ns", json_of(repetition.raw)},
                    {"latency_corrected_ns", json_of(repetition.corrected)},
                    {"allocations", repetition.allocations},
                    {"allocated_bytes", repetition.allocated_bytes},
                    {"errors", repetition.errors},
                    {"context_switches_voluntary", repetition.waited},
                    {"context_switches_involuntary", repetition.preempted},
                    {"page_faults", repetition.page_faults},
                    {"calls_that_allocated_much", repetition.growth_count}};
  if (repetition.counters.refused.empty()) {
    json["instructions"] = repetition.counters.instructions;
    json["cycles"] = repetition.counters.cycles;
    json["cache_misses"] = repetition.counters.cache_misses;
  } else {
    json["hardware_counters"] = repetition.counters.refused;
  }
  ordered_json slow = ordered_json::array();
  for (const real::Explained& explained : real::explain(repetition)) {
    slow.push_back({{"begin_ns", explained.call.begin_ns},
                    {"end_ns", explained.call.end_ns},
                    {"thread", explained.call.thread + 1},
                    {"operation", mapquake::name_of(explained.call.kind)},
                    {"key", explained.call.key},
                    {"why", sentence_for(explained.cause)},
                    {"detail", text_of(explained)}});
  }
  json["slow"] = std::move(slow);
  return json;
}

ordered_json json_of(const real::Measured& measured) {
  const real::Job& job = measured.point.job;
  ordered_json json{{"map", job.map}, {"threads", job.threads}, {"value_bytes", measured.point.value_bytes}};
  if (job.task == real::Task::bench) {
    json["write_percent"] = job.write_percent;
    json["keys"] = real::name_of(job.keys);
    json["key_count"] = job.key_count;
    json["prefill"] = job.prefill;
    json["pinned"] = job.pinned;
    if (job.rate > 0) json["rate"] = job.rate;
  }
  json["ended"] = real::text_of(measured.ending);
  json["repetitions"] = ordered_json::array();
  const auto rates = measured.rates();
  if (!rates.empty()) {
    const real::Estimate rate = real::estimate(rates);
    json["calls_per_second"] = rate.mean;
    json["calls_per_second_half_width_95"] = rate.half_width;
  }
  for (const real::Repetition& repetition : measured.repetitions) json["repetitions"].push_back(json_of(repetition));
  for (const real::PresetRun& run : measured.presets) {
    json["repetitions"].push_back({{"calls", run.operations}, {"seconds", run.seconds}, {"live_keys", run.live}});
  }
  return json;
}

}  // namespace

std::string bench_json(const Machine& machine, std::span<const BenchSection> sections) {
  ordered_json json{{"processors", machine.processors}, {"load", machine.load}, {"sections", ordered_json::array()}};
  for (const BenchSection& section : sections) {
    ordered_json points = ordered_json::array();
    for (const real::Measured& measured : section.points) points.push_back(json_of(measured));
    json["sections"].push_back({{"title", section.title}, {"points", std::move(points)}});
  }
  return json.dump(1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace mapquake::cli
