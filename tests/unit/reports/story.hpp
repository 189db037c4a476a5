// Builds executions event by event, as a recorder would have.
#pragma once

#include "harness/case/map_info.hpp"
#include "harness/store/replay_file.hpp"
#include "reports/text_report.hpp"

#include <map>
#include <string>

namespace mapquake::testing {

class Story {
 public:
  Story() {
    file.map = "my_map";
    file.scenario = "rehash-pressure";
    file.executions_to_failure = 2114;
    file.shrink_seconds = 0.42;
    file.shrink_runs = 11;
    file.minimality = Minimality::irreducible;
    file.removals_checked = 11;
    map.name = "my_map";
  }

  Story& fails(Outcome outcome, const std::string& label, const std::string& why) {
    execution.violation = {outcome, label, {}, {}};
    if (!why.empty()) execution.violation.reasons = {reason::OwnCheck{.text = std::string_view(why)}};
    file.outcome = outcome;
    file.label = label;
    return *this;
  }
  Story& prefill(std::int64_t key, std::int64_t value) {
    file.program.prefill.push_back({key, value});
    return *this;
  }
  /// Begins the thread's next operation.
  Story& call(ThreadId thread, Operation operation) {
    if (file.program.threads.size() < thread) file.program.threads.resize(thread);
    auto& operations = file.program.threads[thread - 1];
    const auto op = static_cast<std::uint16_t>(operations.size());
    operations.push_back(operation);
    event_[thread] = 0;
    Call call;
    call.thread = thread, call.op = op, call.operation = operation, call.invoked = ++time_;
    open_[thread] = execution.history.calls.size();
    execution.history.calls.push_back(call);
    return record(thread, EventKind::op_begin);
  }
  Story& answers(ThreadId thread, bool flag) {
    Call& call = execution.history.calls[open_[thread]];
    call.status = CallStatus::returned, call.flag = flag, call.returned = ++time_;
    return record(thread, EventKind::op_end);
  }
  Story& does(ThreadId thread, EventKind kind, unsigned line, std::uint64_t address = 0x1000, std::uint64_t value = 0) {
    ++event_[thread];
    return record(thread, kind, line, address, value);
  }
  Story& preempted(ThreadId thread, ThreadId to) {
    record(thread, EventKind::switched, line_[thread], 0, to, 1);
    ++execution.preemptions;
    return *this;
  }
  Story& forced(ThreadId thread, ThreadId to) { return record(thread, EventKind::switched, line_[thread], 0, to, 0); }
  Story& blocked(ThreadId thread) { return record(thread, EventKind::blocked, line_[thread]); }
  /// The main thread looks after all threads have ended.
  Story& finally(std::int64_t key, std::optional<std::int64_t> value) {
    History& history = execution.history;
    if (history.quiescent_from == 0) history.quiescent_from = static_cast<std::uint32_t>(history.calls.size());
    Call call;
    call.operation = {OpKind::find, key, 0}, call.status = CallStatus::returned;
    call.has_value = value.has_value(), call.value = value.value_or(0), call.invoked = ++time_, call.returned = ++time_;
    history.calls.push_back(call);
    return *this;
  }
  Story& stands(ThreadId thread, Standing standing, std::vector<std::uint64_t> lines) {
    execution.threads.push_back({thread, 0, 0, standing, std::move(lines)});
    return *this;
  }

  std::string text(std::size_t width = 120) const {
    return reports::text_report(file, execution, site, map, {width, "out/my_map-91c2.toml"});
  }

  /// The line number serves as the address.
  static const Site& site(std::uint64_t pc) {
    static std::map<std::uint64_t, Site> sites;
    Site& site = sites[pc];
    if (pc != 0) site = {pc < 90 ? "find_bucket" : "grow", "my_map.hpp", "/src/my_map.hpp", static_cast<unsigned>(pc)};
    return site;
  }

  ReplayFile file;
  Execution execution;
  MapInfo map;

 private:
  Story& record(ThreadId thread, EventKind kind, unsigned line = 0, std::uint64_t address = 0, std::uint64_t value = 0,
                std::uint8_t flags = 0) {
    const auto op = static_cast<std::uint16_t>(file.program.threads[thread - 1].size() - 1);
    execution.trace.events.push_back({thread, op, kind, 8, flags, event_[thread], line, address, value, 0});
    line_[thread] = line;
    return *this;
  }

  std::map<ThreadId, std::uint32_t> event_;
  std::map<ThreadId, unsigned> line_;
  std::map<ThreadId, std::size_t> open_;
  std::uint32_t time_ = 0;
};

inline Story lost_key_story() {
  Story story;
  story.prefill(1, 10).prefill(2, 20).prefill(3, 30);
  story.call(1, {OpKind::insert, 4, 40});
  story.does(1, EventKind::atomic_load, 88, 0x1000).does(1, EventKind::read, 90, 0x2000);
  story.does(1, EventKind::atomic_store, 97, 0x1000).preempted(1, 2);
  story.call(2, {OpKind::insert, 5, 50}).does(2, EventKind::atomic_load, 60, 0x1000);
  story.does(2, EventKind::write, 61, 0x2000).answers(2, true);
  story.does(1, EventKind::write, 99, 0x5000).answers(1, true);
  story.finally(1, 10).finally(2, 20).finally(3, 30).finally(4, 40).finally(5, std::nullopt);
  story.fails(Outcome::not_linearizable, "lost key",
              "B's insert(5, 50) returned true and nothing erased 5, so it must be there; it is not.");
  return story;
}

inline Story deadlock_story() {
  Story story;
  story.call(1, {OpKind::insert, 1, 10}).does(1, EventKind::lock, 40, 0x1000).does(1, EventKind::lock, 41, 0x2000);
  story.preempted(1, 2).call(2, {OpKind::erase, 1, 0}).does(2, EventKind::lock, 50, 0x2000);
  story.does(2, EventKind::lock, 51, 0x1000).blocked(2).forced(2, 1).blocked(1);
  story.stands(1, {.role = Role::waiting, .awaited = Awaited::mutex, .other = 2}, {41, 95});
  story.stands(2, {.role = Role::waiting, .awaited = Awaited::mutex, .other = 1}, {51});
  story.fails(Outcome::deadlock, "", "A waits for B and B waits for A.");
  return story;
}

}  // namespace mapquake::testing
