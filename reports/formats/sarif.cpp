#include "harness/history/outcome.hpp"
#include "reports/formats/formats.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mapquake::reports {
namespace {

using nlohmann::ordered_json;

constexpr const char* schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr const char* base_id = "SRCROOT";

/// RFC 3986: what a path segment may hold stays as it is.
std::string uri_encoded(const std::string& path) {
  constexpr std::string_view kept = "-._~/!$&'()*+,;=:@";
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    uri += plain || kept.find(c) != std::string_view::npos
               ? std::string(1, c)
               : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return uri;
}

std::string rule_id(const std::string& outcome) {
  std::string id = outcome;
  std::ranges::replace(id, ' ', '-');
  return "mapquake/" + id;
}

ordered_json message(const std::string& text) {
  return {{"text", text.empty() ? "?" : text}};
}

class Writer {
 public:
  Writer(const CampaignFacts& campaign, const std::filesystem::path& root) : campaign_(campaign), root_(root) {}

  ordered_json log() {
    ordered_json results = ordered_json::array();
    for (const DefectFacts& defect : campaign_.defects) {
      if (const FailureFacts* const failure = campaign_.failure_in(defect.replay)) {
        results.push_back(result(defect, *failure));
      } else {
        notes_.push_back(note(fmt::format("{}: {} ({}): no case of it was kept in this document", defect.map,
                                          defect.headline, defect.state)));
      }
    }
    for (const CellFacts& cell : campaign_.cells) {
      if (cell.verdict == CellVerdict::clean || cell.verdict == CellVerdict::failed) continue;
      notes_.push_back(note(fmt::format("{} × {}: {}", cell.map, cell.scenario, cell.verdict_word)));
    }
    ordered_json driver{{"name", "mapquake"}, {"semanticVersion", campaign_.version}, {"rules", rules()}};
    ordered_json run{{"tool", {{"driver", std::move(driver)}}}};
    run["invocations"] = ordered_json::array({{{"executionSuccessful", campaign_.exit_code < 64},
                                               {"exitCode", campaign_.exit_code},
                                               {"toolExecutionNotifications", notes_}}});
    if (!root_.empty()) {
      run["originalUriBaseIds"][base_id] = {{"uri", "file://" + uri_encoded(root_.generic_string()) + "/"}};
    }
    run["results"] = std::move(results);
    return {{"$schema", schema}, {"version", "2.1.0"}, {"runs", ordered_json::array({std::move(run)})}};
  }

 private:
  static ordered_json note(const std::string& text) { return {{"level", "warning"}, {"message", message(text)}}; }

  ordered_json physical(const SourceLine& at) const {
    ordered_json artifact;
    const std::filesystem::path path(at.path.empty() ? at.place.substr(0, at.place.rfind(':')) : at.path);
    const std::filesystem::path below =
        root_.empty() || path.is_relative() ? path : path.lexically_normal().lexically_relative(root_);
    if (path.is_absolute() && (below.empty() || *below.begin() == ".." || root_.empty())) {
      artifact["uri"] = "file://" + uri_encoded(path.lexically_normal().generic_string());
    } else {
      artifact["uri"] = uri_encoded(below.generic_string());
      if (!root_.empty()) artifact["uriBaseId"] = base_id;
    }
    ordered_json region{{"startLine", at.line}};
    if (!at.text.empty()) region["snippet"] = message(at.text);
    return {{"artifactLocation", std::move(artifact)}, {"region", std::move(region)}};
  }

  ordered_json location(const SourceLine& at, const std::string& text) const {
    ordered_json json;
    if (at.line != 0) json["physicalLocation"] = physical(at);
    if (!at.function.empty()) json["logicalLocations"] = ordered_json::array({{{"name", at.function}}});
    if (!text.empty()) json["message"] = message(text);
    return json;
  }

  static const SourceLine* first_known(const std::vector<SourceLine>& lines) {
    const auto known = std::ranges::find_if(lines, [](const SourceLine& line) { return line.line != 0; });
    return known == lines.end() ? nullptr : &*known;
  }

  /// The line to look at first: where it broke, or what the finding rests on, or where it went wrong, or the map.
  static SourceLine main_place(const FailureFacts& failure) {
    const auto of_kind = [&](StepKind kind) -> const StepFacts* {
      const auto step =
          std::ranges::find_if(failure.steps, [&](const StepFacts& s) { return s.kind == kind && s.at.line != 0; });
      return step == failure.steps.end() ? nullptr : &*step;
    };
    for (const auto* stacks : {&failure.stacks, &failure.failure_points}) {
      for (const StackFacts& stack : *stacks) {
        if (const SourceLine* const line = first_known(stack.frames)) return *line;
      }
    }
    for (const StepKind kind : {StepKind::broken, StepKind::preempted, StepKind::inside}) {
      if (const StepFacts* const step = of_kind(kind)) return step->at;
    }
    return failure.map_source;
  }

  ordered_json related(const FailureFacts& failure) const {
    ordered_json all = ordered_json::array();
    const auto add = [&](const SourceLine& at, const std::string& text) {
      ordered_json one{{"id", all.size() + 1}};
      one.update(location(at, text));
      all.push_back(std::move(one));
    };
    for (const auto* stacks : {&failure.stacks, &failure.failure_points}) {
      for (const StackFacts& stack : *stacks) {
        if (const SourceLine* const line = first_known(stack.frames)) add(*line, stack.thread + ": " + stack.state);
      }
    }
    for (const StepFacts& step : failure.steps) {
      if (step.kind != StepKind::preempted || step.at.line == 0) continue;
      add(step.at, fmt::format("{}: {}, {} runs instead", step.thread, step.text, step.to));
    }
    return all;
  }

  ordered_json code_flow(const FailureFacts& failure) const {
    ordered_json flows = ordered_json::array();
    for (const std::string& thread : failure.threads()) {
      ordered_json locations = ordered_json::array();
      for (std::size_t i = 0; i < failure.steps.size(); ++i) {
        const StepFacts& step = failure.steps[i];
        if (step.thread != thread) continue;
        const bool matters = step.kind == StepKind::preempted || step.kind == StepKind::broken;
        const std::string to = step.to.empty() ? "" : " ► " + step.to;
        locations.push_back({{"location", location(step.at, step.thread + ": " + step.text + to)},
                             {"executionOrder", i + 1},
                             {"importance", matters ? "essential" : "important"}});
      }
      if (!locations.empty()) flows.push_back({{"id", thread}, {"locations", std::move(locations)}});
    }
    return {{"message", message(failure.size)}, {"threadFlows", std::move(flows)}};
  }

  ordered_json result(const DefectFacts& defect, const FailureFacts& failure) {
    rules_used_.insert(failure.outcome);
    ordered_json json{{"ruleId", rule_id(failure.outcome)}};
    const bool nondeterministic = failure.outcome == name_of(Outcome::nondeterministic);
    json["level"] = nondeterministic ? "warning" : "error";
    json["message"] = message(fmt::format("{}: {}. {}\nReplay: mapquake replay {}", failure.map, failure.headline(),
                                          failure.why, as_argument(failure.replay)));
    json["locations"] = ordered_json::array();
    if (const SourceLine at = main_place(failure); at.line != 0) json["locations"].push_back(location(at, ""));
    json["relatedLocations"] = related(failure);
    if (ordered_json flow = code_flow(failure); !flow["threadFlows"].empty()) {
      json["codeFlows"] = ordered_json::array({std::move(flow)});
    }
    json["partialFingerprints"] = {{"mapquakeSignature/v1", failure.map + ":" + failure.signature}};
    json["occurrenceCount"] = std::max<std::uint64_t>(defect.executions, 1);
    if (defect.expected || !(defect.confirmed || nondeterministic)) {
      json["suppressions"] = ordered_json::array(
          {{{"kind", "external"},
            {"justification", defect.expected ? "the map's adapter lists this outcome" : defect.state}}});
    }
    json["properties"] = {{"map", failure.map}, {"scenario", failure.scenario}, {"replay", failure.replay}};
    return json;
  }

  ordered_json rules() const {
    ordered_json all = ordered_json::array();
    for (const std::string& outcome : rules_used_) {
      const auto known = outcome_from_name(outcome);
      const std::string sentence(known ? sentence_for(*known) : std::string_view(outcome));
      all.push_back({{"id", rule_id(outcome)},
                     {"name", outcome},
                     {"shortDescription", message(outcome)},
                     {"fullDescription", message(sentence)},
                     {"help", message(sentence + " `mapquake explain FILE` shows how it came about.")},
                     {"defaultConfiguration", {{"level", "error"}}},
                     {"properties", {{"tags", ordered_json::array({"concurrency", "correctness"})}}}});
    }
    return all;
  }

  const CampaignFacts& campaign_;
  const std::filesystem::path root_;
  std::set<std::string> rules_used_;
  ordered_json notes_ = ordered_json::array();
};

}  // namespace

std::string sarif_json(const CampaignFacts& campaign, const RenderOptions& options) {
  return dumped(Writer(campaign, options.root).log(), 2);
}

}  // namespace mapquake::reports
