// A look at the map in the middle of an execution.
#include "harness/history/operation_table.hpp"
#include "harness/runtime/look.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/map_runner.hpp"

#include <algorithm>

namespace mapquake {

/// By the map's claims, and whether the call is one that only reads.
bool MapRunner::may_run_beside(OpKind kind, const Call& under_way) const {
  const Claims& claims = map_.claims;
  const OpKind other = under_way.operation.kind;
  if (((op_bit(kind) | op_bit(other)) & claims.exclusive_operations) != 0) return false;
  if (claims.concurrent_use == ConcurrentUse::none) return false;
  if (!is_write(other)) return true;
  const bool needs_rest =
      kind == OpKind::iterate && (claims.iteration == Iteration::exclusive || claims.iteration == Iteration::fail_fast);
  return claims.concurrent_use == ConcurrentUse::all_operations && !needs_rest;
}

/// Whose call is under way that one of this kind must not meet; no_thread: nobody's.
ThreadId MapRunner::in_the_way_of(OpKind kind) const {
  for (const Call& call : history_.calls) {
    if (call.status == CallStatus::pending && !may_run_beside(kind, call)) return call.thread;
  }
  return no_thread;
}

/// What the map, the object or the program says of itself.
std::string MapRunner::dumped() const {
  char text[4096] = {};
  {
    const runtime::MapScope scope;
    map_.dump(object_, text, sizeof text);
  }
  return text;
}

void MapRunner::observe(ThreadId observer, MapState& state) {
  if (is_program(map_.operations)) {
    state.sight = Sight::broke;
    state.inside = dumped();
    state.sight = state.inside.empty() ? Sight::not_looked : Sight::shown;
    return;
  }
  const auto has = [&](OpKind kind) { return lacking(op_bit(kind), map_.operations) == 0; };
  const bool traverses = has(OpKind::iterate) && in_the_way_of(OpKind::iterate) == no_thread;
  const OpKind kind = traverses ? OpKind::iterate : OpKind::find;
  if (object_ == nullptr || !has(kind)) return;
  state.beside = in_the_way_of(kind);
  if (state.beside != no_thread) {
    state.sight = Sight::not_beside;
    return;
  }
  state.sight = Sight::broke;
  OpIndex op = 0;
  call_hook(abi::Hook::thread_started, op++);
  const auto call = [&](const Operation& operation) { return history_.calls[invoke(observer, op++, operation)]; };
  std::vector<std::pair<std::int64_t, std::int64_t>> entries;
  bool returned = true;
  if (traverses) {
    const Call traversal = call({OpKind::iterate, 0, 0});
    returned = traversal.status == CallStatus::returned;
    for (const Visit& visit : history_.visits_of(traversal)) entries.emplace_back(visit.key, visit.value);
  }
  for (std::size_t i = 0; !traverses && returned && i < keys_.size(); ++i) {
    const Call look_up = call({OpKind::find, keys_[i], 0});
    returned = look_up.status == CallStatus::returned;
    if (look_up.has_value) entries.emplace_back(keys_[i], look_up.value);
  }
  if (!returned) {
    state.sight = Sight::threw;
    return;
  }
  std::ranges::sort(entries);
  state.more = entries.size() - std::min(entries.size(), entries_seen_max);
  entries.resize(std::min(entries.size(), entries_seen_max));
  state.entries = std::move(entries);
  state.by_look_ups = !traverses;
  state.sight = Sight::seen;
  // What follows may break, too: then what was seen before still stands.
  if (has(OpKind::size) && map_.claims.size != SizeClaim::none && in_the_way_of(OpKind::size) == no_thread) {
    const Call size = call({OpKind::size, 0, 0});
    if (size.status == CallStatus::returned) state.size = size.count;
  }
  if (map_.has_dump) state.inside = dumped();
  const auto runs = [](const Call& under_way) { return under_way.status == CallStatus::pending; };
  if (!traverses || !has(OpKind::find) || std::ranges::any_of(history_.calls, runs)) return;
  for (const auto& [key, value] : state.entries) {
    if (std::ranges::find(keys_, key) == keys_.end()) continue;
    const Call look_up = call({OpKind::find, key, 0});
    if (look_up.status == CallStatus::returned && !look_up.has_value) state.not_found.push_back(key);
  }
}

MapState MapRunner::look(std::uint64_t at, const Program& program, Strategy& strategy,
                         const runtime::Recording& recording, const runtime::FaultPlan& faults) {
  struct Sought {
    MapRunner& runner;
    MapState state;
  } sought{*this, {.at = at}};
  Replay harmless({});
  harmless.begin(0, threads_max);
  const runtime::Look look{.at = at,
                           .observe =
                               [](ThreadId observer, void* context) {
                                 Sought& found = *static_cast<Sought*>(context);
                                 found.runner.observe(observer, found.state);
                               },
                           .context = &sought,
                           .strategy = &harmless};
  runtime::Setup setup = prepare(program, strategy, 0, recording, faults);
  setup.look = &look;
  const runtime::Abandoned& end = runtime::run(setup);
  MapState& state = sought.state;
  const runtime::Looked looked = runtime::looked();
  if (!looked.began || state.sight != Sight::broke) return std::move(state);
  state.object = looked.object;
  if (looked.standing.role == Role::waiting) {
    state.sight = Sight::waits;
    state.standing = looked.standing;
  } else {
    state.outcome = end.outcome;
  }
  return std::move(state);
}

}  // namespace mapquake
