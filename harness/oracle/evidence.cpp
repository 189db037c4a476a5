#include "harness/oracle/evidence.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace mapquake {
namespace {

class Explanation {
 public:
  Explanation(const History& history, std::int64_t key, std::span<const KeyOp> ops, std::size_t culprit)
      : history_(history), key_(key), ops_(ops), culprit_(ops[culprit]) {}

  std::optional<AnswerReason> lost_key() {
    const KeyOp* found = latest(
        [&](const KeyOp& op) { return op.returned < culprit_.invoked && aftermath(op).presence == Aftermath::present; },
        may_remove);
    if (found == nullptr) return std::nullopt;
    return reason::LostKey{named(*found), named(culprit_), key_, any_other(may_remove)};
  }

  std::optional<AnswerReason> duplicate_insert() {
    const auto adds = [](const KeyOp& op) { return op.certain() && may_create(op) && op.answer == Answer::yes; };
    const KeyOp* found = latest(adds, may_remove);
    if (found == nullptr) return std::nullopt;
    return reason::DuplicateInsert{named(*found), named(culprit_), key_};
  }

  std::optional<AnswerReason> double_erase() {
    const auto removes = [](const KeyOp& op) { return op.certain() && may_remove(op) && op.answer == Answer::yes; };
    const KeyOp* found = latest(removes, may_create);
    if (found == nullptr) return std::nullopt;
    return reason::DoubleErase{named(*found), named(culprit_), key_};
  }

  std::optional<AnswerReason> resurrected_key() {
    const KeyOp* found = latest(
        [&](const KeyOp& op) { return op.returned < culprit_.invoked && aftermath(op).presence == Aftermath::absent; },
        may_create);
    if (found == nullptr) return std::nullopt;
    return reason::ResurrectedKey{named(*found), named(culprit_), key_};
  }

  std::optional<AnswerReason> phantom_key() { return reason::PhantomKey{named(culprit_), key_}; }

  std::optional<AnswerReason> unwritten_value() {
    return reason::UnwrittenValue{named(culprit_), key_, culprit_.value, key_of_value()};
  }

  /// Two updates that started from one value, or a value that was gone before the call began.
  std::optional<AnswerReason> wrong_value() {
    const auto writes_it = [&](const KeyOp& op) { return may_write(op, culprit_.value); };
    const KeyOp* twin = latest(
        [&](const KeyOp& op) {
          return culprit_.action == Action::update && op.action == Action::update && op.certain() &&
                 op.answer == Answer::yes && op.value == culprit_.value && op.argument != 0;
        },
        writes_it);
    if (twin != nullptr) return reason::UpdateOverwritten{named(*twin), named(culprit_)};
    const auto left_other = [&](const KeyOp& op) {
      const Aftermath left = aftermath(op);
      return op.returned < culprit_.invoked && left.value_known && left.value != culprit_.value;
    };
    const KeyOp* found = latest(left_other, writes_it);
    if (found == nullptr) return std::nullopt;
    return reason::OldValue{named(*found),           named(culprit_), key_,
                            aftermath(*found).value, culprit_.value,  any_other(writes_it)};
  }

  AnswerReason list() {
    const std::size_t first = ops_.size() > reason::calls_listed_max ? ops_.size() - reason::calls_listed_max : 0;
    std::vector<reason::CallSoFar> before;
    for (const KeyOp& op : ops_.subspan(first)) {
      if (op.call != culprit_.call) before.push_back({named(op), op.pending()});
    }
    return reason::NoOrder{named(culprit_), key_, std::span<const reason::CallSoFar>(before), first > 0};
  }

  std::vector<std::uint32_t> calls() {
    if (named_.empty()) named_.push_back(culprit_.call);
    std::ranges::sort(named_);
    named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
    return named_;
  }

 private:
  /// Another key that the culprit's value was written to, if there is one.
  std::optional<std::int64_t> key_of_value() const {
    for (const Call& call : history_.calls) {
      const Operation& writing = call.operation;
      if (writes_value(writing.kind) && writing.value == culprit_.value && writing.key != key_) return writing.key;
    }
    return std::nullopt;
  }

  /// The last call to which `test` applies, unless a call that `spoils` may lie between it and the culprit, whichever
  /// of the two came first.
  template <class Test, class Spoils>
  const KeyOp* latest(Test test, Spoils spoils) {
    for (std::size_t i = ops_.size(); i-- > 0;) {
      const KeyOp& candidate = ops_[i];
      if (candidate.call == culprit_.call || !test(candidate)) continue;
      const std::uint32_t since = std::min(candidate.invoked, culprit_.invoked);
      const bool spoilt = std::ranges::any_of(ops_, [&](const KeyOp& op) {
        return op.call != candidate.call && op.call != culprit_.call && op.returned > since && spoils(op);
      });
      if (!spoilt) return &candidate;
    }
    return nullptr;
  }

  /// Of all calls but the culprit.
  template <class Test>
  bool any_other(Test test) const {
    return std::ranges::any_of(ops_, [&](const KeyOp& op) { return op.call != culprit_.call && test(op); });
  }

  CallRef named(const KeyOp& op) {
    named_.push_back(op.call);
    return {op.call};
  }

  const History& history_;
  const std::int64_t key_;
  const std::span<const KeyOp> ops_;
  const KeyOp& culprit_;
  std::vector<std::uint32_t> named_;
};

}  // namespace

void explain(const History& history, std::int64_t key, std::span<const KeyOp> ops, std::size_t culprit, Symptom symptom,
             Violation& violation) {
  Explanation explanation(history, key, ops, culprit);
  std::optional<AnswerReason> found;
  switch (symptom) {
    case Symptom::lost_key:
      found = explanation.lost_key();
      break;
    case Symptom::duplicate_insert:
      found = explanation.duplicate_insert();
      break;
    case Symptom::double_erase:
      found = explanation.double_erase();
      break;
    case Symptom::resurrected_key:
      found = explanation.resurrected_key();
      break;
    case Symptom::phantom_key:
      found = explanation.phantom_key();
      break;
    case Symptom::unwritten_value:
      found = explanation.unwritten_value();
      break;
    case Symptom::stale_value:
    case Symptom::lost_update:
      found = explanation.wrong_value();
      break;
    default:
      break;
  }
  violation.reasons = {found ? *found : explanation.list()};
  violation.calls = explanation.calls();
}

}  // namespace mapquake
