#include "reports/formats/formats.hpp"
#include "reports/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mapquake::reports {
namespace {

using nlohmann::ordered_json;

/// One failure as a process; its threads as tracks in the order in which the steps name them.
class Track {
 public:
  Track(const FailureFacts& failure, std::size_t process, ordered_json& events)
      : failure_(failure), process_(process), events_(events) {
    const std::vector<std::string> names = failure.threads();
    named("process_name", 0, fmt::format("{} × {}: {}", failure.map, failure.scenario, failure.headline()));
    for (std::size_t i = 0; i < names.size(); ++i) {
      tracks_[names[i]] = i + 1;
      named("thread_name", i + 1, "thread " + names[i]);
    }
  }

  void draw() {
    for (std::size_t i = 0; i < failure_.steps.size(); ++i) draw(failure_.steps[i], i);
    for (auto& [thread, open] : open_) close(thread, open, now_ + 1);
  }

 private:
  ordered_json event(const char* phase, const std::string& thread, std::uint64_t at, const std::string& name) const {
    return {{"ph", phase}, {"pid", process_}, {"tid", tracks_.at(thread)}, {"ts", at}, {"name", name}, {"cat", "step"}};
  }

  void named(const char* what, std::size_t track, const std::string& name) {
    events_.push_back({{"ph", "M"}, {"pid", process_}, {"tid", track}, {"name", what}, {"args", {{"name", name}}}});
  }

  static ordered_json args_of(const StepFacts& step, std::size_t number) {
    ordered_json args{{"step", number + 1}};
    if (!step.at.place.empty()) args["place"] = step.at.place;
    if (!step.at.text.empty()) args["source"] = step.at.text;
    if (!step.at.function.empty()) args["function"] = step.at.function;
    if (!step.detail.empty()) args["detail"] = step.detail;
    return args;
  }

  void slice(const std::string& thread, std::uint64_t begin, std::uint64_t end, const std::string& name,
             ordered_json args) {
    ordered_json one = event("X", thread, begin, name);
    one["dur"] = std::max<std::uint64_t>(end - begin, 1);
    one["args"] = std::move(args);
    events_.push_back(std::move(one));
  }

  struct Open {
    std::uint64_t begin = 0;
    std::string name;
    ordered_json args;
  };

  void close(const std::string& thread, const Open& open, std::uint64_t at) {
    slice(thread, open.begin, at, open.name, open.args);
  }

  void draw(const StepFacts& step, std::size_t number) {
    // Steps of one event stand beside each other.
    now_ = std::max(step.event, now_ + 1);
    switch (step.kind) {
      case StepKind::begin:
        open_[step.thread] = {now_, step.text, args_of(step, number)};
        return;
      case StepKind::end:
      case StepKind::broken: {
        const auto open = open_.find(step.thread);
        if (open != open_.end()) {
          open->second.args[step.kind == StepKind::end ? "answer" : "broken"] = step.text;
          close(step.thread, open->second, now_ + 1);
          open_.erase(open);
        }
        if (step.kind == StepKind::broken) slice(step.thread, now_, now_ + 1, step.text, args_of(step, number));
        return;
      }
      case StepKind::preempted:
        slice(step.thread, now_, now_ + 1, step.text, args_of(step, number));
        if (tracks_.contains(step.to)) flow(step, number);
        return;
      case StepKind::whole:
      case StepKind::inside:
      case StepKind::repeated:
        slice(step.thread, now_, now_ + 1, step.text, args_of(step, number));
        return;
    }
  }

  /// An arrow to the thread that runs instead.
  void flow(const StepFacts& step, std::size_t number) {
    ordered_json from = event("s", step.thread, now_, "switch");
    ordered_json to = event("f", step.to, now_ + 1, "switch");
    from["id"] = to["id"] = process_ * 1'000'000 + number;
    to["bp"] = "e";
    events_.push_back(std::move(from));
    events_.push_back(std::move(to));
  }

  const FailureFacts& failure_;
  const std::size_t process_;
  ordered_json& events_;
  std::map<std::string, std::size_t> tracks_;
  std::map<std::string, Open> open_;
  std::uint64_t now_ = 0;
};

}  // namespace

std::string trace_events(const CampaignFacts& campaign) {
  ordered_json events = ordered_json::array();
  for (std::size_t i = 0; i < campaign.failures.size(); ++i) Track(campaign.failures[i], i + 1, events).draw();
  const ordered_json json{{"traceEvents", std::move(events)},
                          {"displayTimeUnit", "ns"},
                          {"otherData", {{"mapquake", campaign.version}, {"unit", "1 us is one event"}}}};
  return dumped(json, 1);
}

}  // namespace mapquake::reports
