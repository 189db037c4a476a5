// diagnose_map of diagnosis.hpp: each key by itself is right, so some whole-map call is to blame.
#include "harness/base/assert.hpp"
#include "harness/history/phrases.hpp"
#include "harness/history/symptom.hpp"
#include "harness/oracle/diagnosis.hpp"
#include "harness/oracle/judgement.hpp"
#include "harness/oracle/prefix.hpp"

#include <array>
#include <iterator>
#include <optional>
#include <string>

namespace mapquake {
namespace {

using Kind = MapOp::Kind;

std::vector<MapOp> prefix(std::span<const MapOp> ops, std::uint32_t now) {
  std::vector<MapOp> result;
  for (MapOp op : ops) {
    if (op.kind == Kind::point || op.key_op.returned <= now) {
      if (as_of(op.key_op, now)) result.push_back(op);
      continue;
    }
    // Of the calls on the whole map that have not returned, only those matter whose effect others may have seen.
    const bool writes = op.kind == Kind::clear || op.kind == Kind::erase_parity;
    if (!writes || op.key_op.invoked > now) continue;
    op.key_op.returned = never;
    op.answered = false;
    result.push_back(op);
  }
  return result;
}

std::vector<MapOp> without(std::span<const MapOp> ops, Kind kind) {
  std::vector<MapOp> result;
  std::ranges::copy_if(ops, std::back_inserter(result), [kind](const MapOp& op) { return op.kind != kind; });
  return result;
}

/// The kind of call without which the history would be possible; the culprit's own kind if that is one.
Kind blame(std::span<const MapOp> ops, const MapOp& culprit, const History& history, const KeyHistories& keys,
           LinearizabilityChecker& checker) {
  constexpr auto blamable = std::to_array<Kind>({Kind::size, Kind::exact, Kind::bound});
  if (std::ranges::find(blamable, culprit.kind) != blamable.end()) return culprit.kind;
  for (const Kind kind : blamable) {
    if (checker.check(without(ops, kind), history, keys) == Verdict::legal) return kind;
  }
  return Kind::point;
}

/// The calls on two keys, and one bound.
std::vector<MapOp> around(std::span<const MapOp> ops, const MapOp& bound, std::uint32_t one, std::uint32_t other) {
  std::vector<MapOp> result;
  std::ranges::copy_if(ops, std::back_inserter(result), [&](const MapOp& op) {
    if (op.kind == Kind::point) return op.key == one || op.key == other;
    return op.key_op.call == bound.key_op.call;
  });
  return result;
}

/// Which key the bound must have met before what it answered, if the calls on that one, and on what it answered, tell
/// by themselves.
std::optional<std::uint32_t> left_out_by(std::span<const MapOp> ops, const MapOp& bound, const History& history,
                                         const KeyHistories& keys, LinearizabilityChecker& checker) {
  const Call& call = history.calls[bound.key_op.call];
  const bool found = bound.visits_begin != bound.visits_end;
  for (std::uint32_t key = 0; key < keys.key_count(); ++key) {
    if (!concerns(history, call, keys.key(key))) continue;
    const std::uint32_t answer = found ? keys.key_of_visit(bound.visits_begin) : key;
    if (found && key == answer) continue;
    if (checker.check(around(ops, bound, key, answer), history, keys) == Verdict::illegal) return key;
  }
  return std::nullopt;
}

std::string why_not(std::span<const MapOp> ops, const MapOp& bound, const History& history, const KeyHistories& keys,
                    LinearizabilityChecker& checker) {
  const Operation& asked = history.calls[bound.key_op.call].operation;
  const std::string side =
      (asked.kind == OpKind::lower_bound ? " at or above " : " above ") + std::to_string(asked.key);
  const bool found = bound.visits_begin != bound.visits_end;
  std::string answer;
  std::string why = ", but at no instant of that call can ";
  if (found) {
    const Visit& visit = history.visits[bound.visits_begin];
    answer = std::to_string(visit.key);
    why += answer + " with the value " + std::to_string(visit.value) + " have been the first entry" + side;
  } else {
    why += "there have been no key" + side;
  }
  if (const auto key = left_out_by(ops, bound, history, keys, checker)) {
    why += ", by what the calls on " + std::to_string(keys.key(*key)) + (found ? " and " + answer : "") + " answered";
  }
  return why + " (a map that promises less claims Bounds::weakly_consistent)";
}

/// The first call of the kind; the culprit if there is none.
const MapOp& first_of(std::span<const MapOp> ops, Kind kind, const MapOp& culprit) {
  if (culprit.kind == kind) return culprit;
  const auto found = std::ranges::find(ops, kind, &MapOp::kind);
  return found == ops.end() ? culprit : *found;
}

}  // namespace

Violation diagnose_map(const History& history, const KeyHistories& keys, std::span<const MapOp> all,
                       LinearizabilityChecker& checker) {
  std::vector<std::uint32_t> times;
  for (const MapOp& op : all) {
    if (!op.key_op.pending()) times.push_back(op.key_op.returned);
  }
  std::ranges::sort(times);
  MQ_ASSERT(!times.empty());
  const std::uint32_t when = first_illegal(
      times, [&](std::uint32_t now) { return checker.check(prefix(all, now), history, keys) == Verdict::illegal; });
  const std::vector<MapOp> ops = prefix(all, when);
  const auto found = std::ranges::find_if(ops, [when](const MapOp& op) { return op.key_op.returned == when; });
  MQ_ASSERT(found != ops.end());
  const MapOp& culprit = *found;

  const Kind blamed = blame(ops, culprit, history, keys, checker);
  const MapOp& suspect = first_of(ops, blamed, culprit);
  Violation violation;
  violation.outcome = blamed == Kind::exact ? Outcome::iteration_broken : Outcome::not_linearizable;
  const std::string told = statement(history, suspect.key_op.call);
  switch (blamed) {
    case Kind::size:
      violation.label = name_of(Symptom::wrong_size);
      violation.why = told + ", but at no instant of that call can the map have held so many keys";
      break;
    case Kind::exact:
      violation.label = name_of(Symptom::not_a_snapshot);
      violation.why = told + ", but at no instant of that call can the map have held just these entries";
      break;
    case Kind::bound:
      violation.label = name_of(Symptom::wrong_neighbour);
      violation.why = told + why_not(ops, suspect, history, keys, checker);
      break;
    default:
      violation.label = name_of(Symptom::not_atomic);
      violation.why =
          "each key by itself is right, but no single instant for each call on the whole map explains all "
          "answers; the first that fits none: " +
          told;
  }
  if (&suspect != &culprit) {
    violation.why += ", given that " + statement(history, culprit.key_op.call);
    violation.calls.push_back(culprit.key_op.call);
  }
  violation.calls.push_back(suspect.key_op.call);
  std::ranges::sort(violation.calls);
  violation.why = capitalised(violation.why + ".");
  return violation;
}

}  // namespace mapquake
