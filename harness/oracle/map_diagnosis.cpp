// diagnose_map of diagnosis.hpp: each key by itself is right, so some whole-map call is to blame.
#include "harness/base/assert.hpp"
#include "harness/history/symptom.hpp"
#include "harness/oracle/diagnosis.hpp"
#include "harness/oracle/judgement.hpp"
#include "harness/oracle/prefix.hpp"

#include <array>
#include <iterator>
#include <optional>
#include <vector>

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
    const bool writes = op.kind == Kind::clear || op.kind == Kind::erase_parity || op.kind == Kind::transaction;
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
  constexpr auto blamable = std::to_array<Kind>({Kind::size, Kind::exact, Kind::bound, Kind::find_all});
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

/// The calls, with each write of the transaction at an instant of its own.
std::vector<MapOp> taken_apart(std::span<const MapOp> ops, const MapOp& transaction, const KeyHistories& keys) {
  std::vector<MapOp> result;
  for (const MapOp& op : ops) {
    if (op.key_op.call != transaction.key_op.call) {
      result.push_back(op);
      continue;
    }
    for (std::uint32_t i = op.ops_begin; i < op.ops_end; ++i) {
      MapOp& part = result.emplace_back();
      part.key_op = keys.ops()[i];
      part.key_op.returned = op.key_op.returned;
      part.key = keys.key_of_op(i);
    }
  }
  return result;
}

/// The first transaction but for whose being one the history would be possible; null if there is none.
const MapOp* torn_transaction(std::span<const MapOp> ops, const History& history, const KeyHistories& keys,
                              LinearizabilityChecker& checker) {
  const auto torn = std::ranges::find_if(ops, [&](const MapOp& op) {
    return op.kind == Kind::transaction && checker.check(taken_apart(ops, op, keys), history, keys) == Verdict::legal;
  });
  return torn == ops.end() ? nullptr : &*torn;
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

  const MapOp* const torn = torn_transaction(ops, history, keys, checker);
  const Kind blamed = torn != nullptr ? Kind::transaction : blame(ops, culprit, history, keys, checker);
  const MapOp& suspect = torn != nullptr ? *torn : first_of(ops, blamed, culprit);
  Violation violation;
  violation.outcome = blamed == Kind::exact ? Outcome::iteration_broken : Outcome::not_linearizable;
  const CallRef call{suspect.key_op.call};
  std::optional<CallRef> given;
  violation.calls.push_back(call.index);
  if (&suspect != &culprit) {
    given = CallRef{culprit.key_op.call};
    violation.calls.push_back(given->index);
  }
  std::ranges::sort(violation.calls);
  switch (blamed) {
    case Kind::size:
      violation.label = name_of(Symptom::wrong_size);
      violation.reasons = {reason::SizeOfNoInstant{call, given}};
      break;
    case Kind::exact:
      violation.label = name_of(Symptom::not_a_snapshot);
      violation.reasons = {reason::EntriesOfNoInstant{call, given}};
      break;
    case Kind::bound: {
      const auto left_out = left_out_by(ops, suspect, history, keys, checker);
      violation.label = name_of(Symptom::wrong_neighbour);
      violation.reasons = {
          reason::NeighbourOfNoInstant{call, left_out ? std::optional(keys.key(*left_out)) : std::nullopt, given}};
      break;
    }
    case Kind::find_all:
    case Kind::transaction:
      violation.label = name_of(Symptom::not_atomic);
      violation.reasons = {reason::KeysOfNoInstant{call, given}};
      break;
    default:
      violation.label = name_of(Symptom::not_atomic);
      violation.reasons = {reason::FitsNoInstant{call, given}};
  }
  return violation;
}

}  // namespace mapquake
