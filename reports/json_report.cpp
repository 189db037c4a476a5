#include "harness/words/standing.hpp"
#include "reports/fault_stacks.hpp"
#include "reports/figures.hpp"
#include "reports/final_state.hpp"
#include "reports/text_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

namespace mapquake::reports {
namespace {

using nlohmann::ordered_json;

const char* word_for(StepKind kind) {
  switch (kind) {
    case StepKind::whole:
      return "call";
    case StepKind::begin:
      return "begin";
    case StepKind::inside:
      return "inside";
    case StepKind::preempted:
      return "preempted";
    case StepKind::end:
      return "end";
    case StepKind::broken:
      return "broken";
    case StepKind::repeated:
      return "repeated";
  }
  return "";
}

ordered_json steps_json(const std::vector<Step>& steps) {
  ordered_json all = ordered_json::array();
  for (const Step& step : steps) {
    ordered_json one{{"thread", thread_name(step.thread)}, {"kind", word_for(step.kind)}, {"text", step.text}};
    if (!step.place.at.empty()) one["place"] = step.place.at;
    if (!step.place.inside.empty()) one["inside"] = step.place.inside;
    if (!step.place.from.empty()) one["from"] = step.place.from;
    if (!step.place.function.empty()) one["function"] = step.place.function;
    if (!step.detail.empty()) one["detail"] = step.detail;
    if (step.kind == StepKind::preempted) one["to"] = thread_name(step.to);
    all.push_back(std::move(one));
  }
  return all;
}

ordered_json threads_json(const Program& program) {
  ordered_json threads = ordered_json::array();
  for (const auto& operations : program.threads) {
    ordered_json list = ordered_json::array();
    for (const Operation& operation : operations) list.push_back(to_string(operation));
    threads.push_back(std::move(list));
  }
  return threads;
}

ordered_json frames_json(std::span<const Site> frames) {
  ordered_json stack = ordered_json::array();
  for (const Site& frame : frames) stack.push_back({{"function", frame.function}, {"place", to_string(frame)}});
  return stack;
}

ordered_json stacks_json(const Execution& execution, const SiteFunction& site) {
  ordered_json threads = ordered_json::array();
  for (const Witness& thread : execution.witnesses) {
    threads.push_back({{"thread", thread_name(thread.thread)},
                       {"state", to_string(thread)},
                       {"stack", frames_json(telling_frames(thread.stack, site, true))}});
  }
  return threads;
}

ordered_json failure_points_json(const Execution& execution, const SiteFunction& site) {
  ordered_json points = ordered_json::array();
  for (const FailurePoint& point : failure_points(execution, site)) {
    points.push_back({{"thread", thread_name(point.thread)},
                      {"operation", point.op + 1},
                      {"text", point.text},
                      {"stack", frames_json(point.frames)}});
  }
  return points;
}

}  // namespace

std::string json_report(const ReplayFile& file, const Execution& execution, const SiteFunction& site,
                        const MapInfo& map, const ReportOptions& options, int indent) {
  ordered_json prefill = ordered_json::array();
  for (const abi::Entry& entry : file.program.prefill) prefill.push_back({entry.key, entry.value});
  ordered_json json{{"map", file.map},
                    {"scenario", file.scenario},
                    {"outcome", name_of(file.outcome)},
                    {"label", file.label},
                    {"signature", file.signature},
                    {"replay", options.path},
                    {"trace_hash", fmt::format("{:016x}", execution.trace_hash)},
                    {"threads", file.program.threads.size()},
                    {"operations", file.program.operation_count()},
                    {"preemptions", execution.preemptions},
                    {"faults", execution.faults},
                    {"stale_reads", execution.stale_reads()},
                    {"executions_to_failure", file.executions_to_failure},
                    {"minimal", file.minimality != Minimality::best_so_far},
                    {"proven_minimal", file.minimality == Minimality::proven},
                    {"why", execution.violation.why.empty() ? file.why : execution.violation.why},
                    {"claim", map.citation},
                    {"prefill", std::move(prefill)},
                    {"program", threads_json(file.program)},
                    {"figures", figures_json(execution.history)},
                    {"failure_points", failure_points_json(execution, site)},
                    {"steps", steps_json(steps_of(execution, site))},
                    {"thread_states", stacks_json(execution, site)}};
  if (const auto entries = final_state(execution.history)) json["at_the_end"] = *entries;
  return json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace mapquake::reports
