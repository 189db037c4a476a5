#include "tests/unit/shrink/planted.hpp"

#include "scenarios/allowed.hpp"

#include <algorithm>
#include <map>

namespace mapquake::fake {
namespace {

using Steps = std::span<const Step>;

constexpr std::size_t nowhere = SIZE_MAX;

std::size_t find_event(Steps steps, ThreadId thread, OpIndex op, std::uint32_t event) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].thread == thread && steps[i].op == op && steps[i].event == event) return i;
  }
  return nowhere;
}

/// Every pair of operations of two threads on one key, of these kinds, for which `test(x, y)` holds; steps of event 1.
template <class Test>
bool any_pair(Steps steps, OpKind first, OpKind second, Test test) {
  for (const Step& x : steps) {
    if (x.event != 1 || x.operation.kind != first) continue;
    for (const Step& y : steps) {
      if (y.event != 1 || y.thread == x.thread || y.operation.kind != second || y.operation.key != x.operation.key) {
        continue;
      }
      if (test(x, y)) return true;
    }
  }
  return false;
}

}  // namespace

std::string lost_update(const Program&, Steps steps) {
  const bool lost = any_pair(steps, OpKind::insert, OpKind::erase, [&](const Step& x, const Step& y) {
    return find_event(steps, x.thread, x.op, 2) < find_event(steps, y.thread, y.op, 1) &&
           find_event(steps, y.thread, y.op, events_per_op) < find_event(steps, x.thread, x.op, 3);
  });
  return lost ? "lost update" : "";
}

std::string crossed_locks(const Program&, Steps steps) {
  const bool crossed = any_pair(steps, OpKind::update, OpKind::update, [&](const Step& x, const Step& y) {
    const std::size_t x2 = find_event(steps, x.thread, x.op, 2), x3 = find_event(steps, x.thread, x.op, 3);
    const std::size_t y2 = find_event(steps, y.thread, y.op, 2), y3 = find_event(steps, y.thread, y.op, 3);
    return x2 < y2 && y2 < x3 && x3 < y3;
  });
  return crossed ? "crossed" : "";
}

std::string three_in_a_row(const Program& program, Steps) {
  for (const auto& thread : program.threads) {
    std::map<std::int64_t, unsigned> stage;
    for (const Operation& operation : thread) {
      unsigned& at = stage[operation.key];
      if (at == 0 && operation.kind == OpKind::insert) at = 1;
      if (at == 1 && operation.kind == OpKind::erase) at = 2;
      if (at == 2 && operation.kind == OpKind::contains) return "found again";
    }
  }
  return "";
}

std::string growth(const Program& program, Steps steps) {
  if (program.prefill.size() < 3) return "";
  for (const Step& step : steps) {
    const bool present = std::any_of(program.prefill.begin(), program.prefill.end(),
                                     [&](const abi::Entry& entry) { return entry.key == step.operation.key; });
    if (step.operation.kind == OpKind::insert && !present) return "lost in growth";
  }
  return "";
}

std::string failed_allocation(const Program&, Steps steps) {
  for (const Step& step : steps) {
    if (step.operation.kind == OpKind::assign && step.fault != 0) return "broken by failure";
  }
  return "";
}

std::string torn_after_failure(const Program&, Steps steps) {
  const bool torn = any_pair(steps, OpKind::assign, OpKind::find, [&](const Step& x, const Step& y) {
    const std::size_t failure = find_event(steps, x.thread, x.op, fault_event);
    const std::size_t read = find_event(steps, y.thread, y.op, 1);
    return steps[failure].fault != 0 && failure < read && read < find_event(steps, x.thread, x.op, events_per_op);
  });
  return torn ? "torn" : "";
}

const std::vector<Planted>& all_planted() {
  using enum OpKind;
  static const std::vector<Planted> planted{
      {"lost_update", lost_update, ops(insert, erase, find), 2, 2, 1, 0, 0},
      {"crossed_locks", crossed_locks, ops(update, insert, find, size), 2, 2, 2, 0, 0},
      {"three_in_a_row", three_in_a_row, ops(insert, erase, contains, size), 1, 3, 0, 0, 0},
      {"growth", growth, ops(insert, erase, find), 1, 1, 0, 3, 0},
      {"failed_allocation", failed_allocation, ops(assign, erase, find), 1, 1, 0, 0, 1},
      {"torn_after_failure", torn_after_failure, ops(assign, find, erase), 2, 2, 1, 0, 1},
  };
  return planted;
}

}  // namespace mapquake::fake
