#include "harness/oracle/diagnosis.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/symptom.hpp"
#include "harness/oracle/evidence.hpp"
#include "harness/oracle/prefix.hpp"

namespace mapquake {
namespace {

std::vector<KeyOp> prefix(std::span<const KeyOp> ops, std::uint32_t now) {
  std::vector<KeyOp> result;
  for (KeyOp op : ops) {
    if (as_of(op, now)) result.push_back(op);
  }
  return result;
}

/// What the answer needs right before the call takes effect.
enum class Demand : std::uint8_t { nothing, absent, present, value };

Demand demand_of(const KeyOp& op) {
  const bool yes = op.answer == Answer::yes;
  if (op.answer == Answer::unknown) return Demand::nothing;
  switch (op.action) {
    case Action::insert:
    case Action::assign:
    case Action::upsert:
      return yes ? Demand::absent : Demand::present;
    case Action::contains:
    case Action::erase:
    case Action::replace:
      return yes ? Demand::present : Demand::absent;
    case Action::find:
    case Action::update:
    case Action::take:
    case Action::exchange:
      return yes ? Demand::value : Demand::absent;
    case Action::compare_exchange:
      return yes ? Demand::value : Demand::nothing;
    case Action::none:
      break;
    case Action::get_or_create:
      return op.value == op.argument ? Demand::absent : Demand::value;
  }
  return Demand::nothing;
}

bool adds(const KeyOp& op) {
  return op.action == Action::insert || op.action == Action::assign || op.action == Action::upsert ||
         op.action == Action::get_or_create;
}

bool removes(const KeyOp& op) {
  return op.action == Action::erase || op.action == Action::take;
}

/// Would the history be possible had the culprit met any value at all?
bool possible_with_any_value(std::vector<KeyOp> ops, std::size_t culprit, LinearizabilityChecker& checker) {
  ops[culprit].action = removes(ops[culprit]) ? Action::erase : Action::contains;
  ops[culprit].answer = Answer::yes;
  return checker.check(ops) != Verdict::illegal;
}

Symptom symptom_of_value(std::span<const KeyOp> ops, const KeyOp& culprit, bool at_the_end) {
  const auto any = [&](auto test) {
    return std::ranges::any_of(ops, [&](const KeyOp& op) { return op.call != culprit.call && test(op); });
  };
  const bool updated = any([](const KeyOp& op) {
    const bool adds_to = op.action == Action::upsert || (op.action == Action::update && op.answer != Answer::no);
    return adds_to && op.argument != 0;
  });
  const bool written = any([&](const KeyOp& op) { return may_write(op, culprit.value); });
  if (!written && !updated) return Symptom::unwritten_value;
  if (culprit.action == Action::update || at_the_end || !written) return Symptom::lost_update;
  return Symptom::stale_value;
}

/// The culprit returned last, so it could come after all others, whatever else overlaps it: if its demand is not met
/// there, the key is present (absent) in every order, and that is what the symptom says.
Symptom symptom_of(std::span<const KeyOp> ops, const KeyOp& culprit, bool value_is_to_blame, bool at_the_end) {
  switch (demand_of(culprit)) {
    case Demand::absent:
      return adds(culprit) ? Symptom::duplicate_insert : Symptom::lost_key;
    case Demand::value:
      if (value_is_to_blame) return symptom_of_value(ops, culprit, at_the_end);
      [[fallthrough]];
    case Demand::present: {
      const auto created = [&](const KeyOp& op) { return op.call != culprit.call && may_create(op); };
      if (std::ranges::none_of(ops, created)) return Symptom::phantom_key;
      return removes(culprit) ? Symptom::double_erase : Symptom::resurrected_key;
    }
    case Demand::nothing:
      break;
  }
  return Symptom::not_linearizable;
}

/// Which of the operations of the call that returned then: of several look-ups, the first without which the others
/// would be right.
std::size_t culprit_among(const std::vector<KeyOp>& ops, std::uint32_t when, LinearizabilityChecker& checker) {
  const auto first = std::ranges::find(ops, when, &KeyOp::returned);
  MQ_ASSERT(first != ops.end());
  const auto index = static_cast<std::size_t>(first - ops.begin());
  if (!is_look_up(*first) || std::ranges::count(ops, when, &KeyOp::returned) == 1) return index;
  for (std::size_t i = index; i < ops.size(); ++i) {
    if (ops[i].returned != when) continue;
    std::vector<KeyOp> others = ops;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    if (checker.check(others) != Verdict::illegal) return i;
  }
  return index;
}

}  // namespace

Violation diagnose_key(const History& history, const KeyHistories& keys, std::size_t key,
                       LinearizabilityChecker& checker) {
  std::vector<KeyOp> all;
  std::vector<std::uint32_t> times;
  for (const std::uint32_t op : keys.ops_of(key)) {
    all.push_back(keys.ops()[op]);
    if (!all.back().pending()) times.push_back(all.back().returned);
  }
  std::ranges::sort(times);
  MQ_ASSERT(!times.empty());
  const std::uint32_t when =
      first_illegal(times, [&](std::uint32_t now) { return checker.check(prefix(all, now)) == Verdict::illegal; });

  const std::vector<KeyOp> ops = prefix(all, when);
  const std::size_t index = culprit_among(ops, when, checker);
  const auto culprit = ops.begin() + static_cast<std::ptrdiff_t>(index);
  const bool value_is_to_blame = demand_of(*culprit) == Demand::value && possible_with_any_value(ops, index, checker);
  const bool at_the_end = culprit->call >= history.quiescent_from;

  Violation violation;
  violation.outcome = Outcome::not_linearizable;
  const Symptom symptom = symptom_of(ops, *culprit, value_is_to_blame, at_the_end);
  violation.label = name_of(symptom);
  explain(history, keys.key(key), ops, index, symptom, violation);
  return violation;
}

}  // namespace mapquake
