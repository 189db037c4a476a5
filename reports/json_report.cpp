#include "harness/history/witness_words.hpp"
#include "reports/document/words.hpp"
#include "reports/fault_stacks.hpp"
#include "reports/figures.hpp"
#include "reports/final_state.hpp"
#include "reports/first_wrong.hpp"
#include "reports/given.hpp"
#include "reports/repetitions.hpp"
#include "reports/state_words.hpp"
#include "reports/states.hpp"
#include "reports/text_format.hpp"
#include "reports/text_report.hpp"
#include "reports/touched_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

namespace mapquake::reports {
namespace {

using nlohmann::ordered_json;

ordered_json frames_json(std::span<const Site> frames, const SourceFunction& source) {
  ordered_json stack = ordered_json::array();
  for (const Site& frame : frames) {
    ordered_json one{{"function", frame.function}, {"place", to_string(frame)}};
    if (frame.line != 0) {
      const FoundLine found = source ? source(frame.path, frame.line) : FoundLine{frame.path, {}};
      one["path"] = found.path, one["line"] = frame.line;
      if (!found.text.empty()) one["source"] = found.text;
    }
    stack.push_back(std::move(one));
  }
  return stack;
}

/// The calls that were open at a step, inlined ones included; empty where it is no place in the source.
ordered_json chain_json(const Step& step, const Execution& execution, const SiteFunction& site,
                        const SourceFunction& source) {
  if (!step.event || step.place.at.empty() || execution.trace.events[*step.event].pc == 0) return {};
  const TraceEvent& event = execution.trace.events[*step.event];
  std::vector<std::uint64_t> stack{event.pc};
  std::ranges::copy_if(event.callers, std::back_inserter(stack), [](std::uint64_t pc) { return pc != 0; });
  return frames_json(telling_frames(stack, site, true), source);
}

/// Null: nobody looked.
ordered_json state_json(const MapState* state, const Execution& execution, const SiteFunction& site) {
  const MapState none;
  if (state == nullptr) state = &none;
  if (state->sight == Sight::shown) return {{"inside", state->inside}};
  if (state->sight != Sight::seen) {
    return {{"unseen", word_for(state->sight)}, {"why", unseen_text(*state, execution, site)}};
  }
  ordered_json json{{"entries", state->entries}};
  if (state->more != 0) json["more"] = state->more;
  if (state->size) json["size"] = *state->size;
  if (!state->not_found.empty()) json["not_found"] = state->not_found;
  if (state->by_look_ups) json["by_look_ups"] = true;
  if (!state->inside.empty()) json["inside"] = state->inside;
  return json;
}

/// Of a longer list the first quarter and the last three, as in text.
constexpr std::size_t steps_kept_max = 2'000;

ordered_json steps_json(const ReplayFile& file, const Execution& execution, const SiteFunction& site,
                        const MapInfo& map, const SourceFunction& source) {
  std::vector<Step> steps = folded(steps_of(execution, site, source));
  if (steps.size() > steps_kept_max) {
    const std::size_t first = steps_kept_max / 4;
    const std::size_t left_out = steps.size() - steps_kept_max;
    Step gap = steps[first];
    gap.kind = StepKind::repeated, gap.text = "… " + counted(left_out, "step") + " left out …", gap.place = {};
    const auto begin = steps.begin() + static_cast<std::ptrdiff_t>(first);
    steps.insert(steps.erase(begin, begin + static_cast<std::ptrdiff_t>(left_out)), std::move(gap));
  }
  const bool was_seen = is_looked_at(execution);
  const StatesOfSteps states = states_of(steps, execution);
  const std::optional<FirstWrong> wrong = first_wrong(steps, execution, file.program, map.claims);
  const MapState* told = states.before;
  ordered_json all = ordered_json::array();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    ordered_json one{{"thread", thread_name(step.thread)}, {"kind", word_for(step.kind)}, {"text", step.text}};
    if (step.event) one["event"] = *step.event, one["operation"] = execution.trace.events[*step.event].op + 1;
    if (!step.place.at.empty()) one["place"] = step.place.at;
    if (!step.place.inside.empty()) one["inside"] = step.place.inside;
    if (!step.place.from.empty()) one["from"] = step.place.from;
    if (!step.place.function.empty()) one["function"] = step.place.function;
    if (step.place.line != 0) one["path"] = step.place.path, one["line"] = step.place.line;
    if (!step.place.source.empty()) one["source"] = step.place.source;
    if (ordered_json chain = chain_json(step, execution, site, source); !chain.empty()) one["chain"] = std::move(chain);
    if (!step.detail.empty()) one["detail"] = step.detail;
    if (wrong && wrong->step == i) one["wrong"] = wrong->text;
    if (step.kind == StepKind::preempted) one["to"] = thread_name(step.to);
    const MapState* const state = states.behind[i];
    const bool is_news = state == nullptr ? told != nullptr : told == nullptr || !looks_alike(*state, *told);
    if (was_seen && is_news) one["state"] = state_json(state, execution, site);
    told = state;
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

ordered_json stacks_json(const Execution& execution, const SiteFunction& site, const SourceFunction& source) {
  ordered_json threads = ordered_json::array();
  for (const Witness& thread : execution.threads) {
    threads.push_back({{"thread", thread_name(thread.thread)},
                       {"state", in_words(thread)},
                       {"stack", frames_json(telling_frames(thread.stack, site, true), source)}});
  }
  return threads;
}

ordered_json failure_points_json(const Execution& execution, const SiteFunction& site, const SourceFunction& source) {
  ordered_json points = ordered_json::array();
  for (const FailurePoint& point : failure_points(execution, site)) {
    points.push_back({{"thread", thread_name(point.thread)},
                      {"operation", point.op + 1},
                      {"text", point.text},
                      {"stack", frames_json(point.frames, source)}});
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
                    {"size", size_line(file, execution)},
                    {"operations", file.program.operation_count()},
                    {"preemptions", execution.preemptions},
                    {"faults", execution.faults},
                    {"stale_reads", execution.stale_reads()},
                    {"executions_to_failure", file.executions_to_failure},
                    {"minimal", file.minimality != Minimality::best_so_far},
                    {"proven_minimal", file.minimality == Minimality::proven},
                    {"why", why_in(file, execution)},
                    {"claim", map.citation},
                    {"given", given_facts(execution, site)},
                    {"prefill", std::move(prefill)},
                    {"program", threads_json(file.program)},
                    {"figures", figures_json(execution.history)},
                    {"failure_points", failure_points_json(execution, site, options.source)},
                    {"steps", steps_json(file, execution, site, map, options.source)},
                    {"thread_states", stacks_json(execution, site, options.source)}};
  if (is_looked_at(execution)) {
    // Whoever looks does so before the first step, if at all.
    json["state_before"] = state_json(&execution.states.front(), execution, site);
  }
  if (const auto entries = final_state(execution.history)) json["at_the_end"] = *entries;
  if (!execution.dump.empty()) json["inside"] = execution.dump;
  if (const std::string memory = touched_memory_text(execution, site, 100'000); !memory.empty()) {
    json["memory"] = memory.substr(0, memory.find_last_not_of('\n') + 1);
  }
  if (!map.source_file.empty()) {
    const FoundLine found =
        options.source ? options.source(map.source_file, map.source_line) : FoundLine{map.source_file, {}};
    json["map_source"] = {{"path", found.path}, {"line", map.source_line}};
  }
  return json.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace mapquake::reports
