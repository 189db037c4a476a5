#include "harness/oracle/evidence.hpp"

#include "harness/history/phrases.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace mapquake {
namespace {

/// A list of more calls than this does not help anybody.
constexpr std::size_t calls_listed_max = 8;

class Explanation {
 public:
  Explanation(const History& history, std::int64_t key, std::span<const KeyOp> ops, std::size_t culprit)
      : history_(history), key_(std::to_string(key)), ops_(ops), culprit_(ops[culprit]) {}

  std::optional<std::string> lost_key() {
    const KeyOp* found = latest(
        [&](const KeyOp& op) { return op.returned < culprit_.invoked && aftermath(op).presence == Aftermath::present; },
        may_remove);
    if (found == nullptr) return std::nullopt;
    return statement(found) + " and nothing erased " + key_ + after(may_remove) + ", so it must be there; " +
           statement(&culprit_) + ".";
  }

  std::optional<std::string> duplicate_insert() {
    const auto adds = [](const KeyOp& op) { return op.certain() && may_create(op) && op.answer == Answer::yes; };
    const KeyOp* found = latest(adds, may_remove);
    if (found == nullptr) return std::nullopt;
    return both(found) + ", and nothing erased " + key_ + " in between.";
  }

  std::optional<std::string> double_erase() {
    const auto removes = [](const KeyOp& op) { return op.certain() && may_remove(op) && op.answer == Answer::yes; };
    const KeyOp* found = latest(removes, may_create);
    if (found == nullptr) return std::nullopt;
    return both(found) + ", and nothing inserted " + key_ + " in between.";
  }

  std::optional<std::string> resurrected_key() {
    const KeyOp* found = latest(
        [&](const KeyOp& op) { return op.returned < culprit_.invoked && aftermath(op).presence == Aftermath::absent; },
        may_create);
    if (found == nullptr) return std::nullopt;
    return statement(found) + " and nothing inserted " + key_ + " after that, so it must be gone; " +
           statement(&culprit_) + ".";
  }

  std::optional<std::string> phantom_key() {
    return "nothing ever inserted " + key_ + ", yet " + statement(&culprit_) + ".";
  }

  std::optional<std::string> unwritten_value() {
    return "nothing ever wrote " + std::to_string(culprit_.value) + " to " + key_ + ", yet " + statement(&culprit_) +
           whose_value() + ".";
  }

  /// Two updates that started from one value, or a value that was gone before the call began.
  std::optional<std::string> wrong_value() {
    const auto writes_it = [&](const KeyOp& op) { return may_write(op, culprit_.value); };
    const KeyOp* twin = latest(
        [&](const KeyOp& op) {
          return culprit_.action == Action::update && op.action == Action::update && op.certain() &&
                 op.answer == Answer::yes && op.value == culprit_.value && op.argument != 0;
        },
        writes_it);
    if (twin != nullptr) {
      return both(twin) + ", so one of them overwrote what the other had added.";
    }
    const auto left_other = [&](const KeyOp& op) {
      const Aftermath left = aftermath(op);
      return op.returned < culprit_.invoked && left.value_known && left.value != culprit_.value;
    };
    const KeyOp* found = latest(left_other, writes_it);
    if (found == nullptr) return std::nullopt;
    return statement(found) + ", so " + key_ + " holds " + std::to_string(aftermath(*found).value) +
           ", and nothing wrote " + std::to_string(culprit_.value) + after(writes_it) + "; " + statement(&culprit_) +
           ".";
  }

  std::string list() {
    std::string text = "no order of the calls on key " + key_ + " explains their answers: ";
    const std::size_t first = ops_.size() > calls_listed_max ? ops_.size() - calls_listed_max : 0;
    if (first > 0) text += "… ";
    for (std::size_t i = first; i < ops_.size(); ++i) {
      if (ops_[i].call == culprit_.call) continue;
      text += statement(&ops_[i]) + ", ";
    }
    return text + "and then " + statement(&culprit_) + ".";
  }

  std::vector<std::uint32_t> calls() {
    if (named_.empty()) named_.push_back(culprit_.call);
    std::ranges::sort(named_);
    named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
    return named_;
  }

 private:
  /// Of the other key that the culprit's value was written to, if there is one.
  std::string whose_value() const {
    for (const Call& call : history_.calls) {
      const Operation& writing = call.operation;
      if (!writes_value(writing.kind) || writing.value != culprit_.value) continue;
      const std::string key = std::to_string(writing.key);
      if (key != key_) return ", which is the value of " + key;
    }
    return "";
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

  /// "" if no call spoils at all, " after that" if an earlier one did.
  template <class Spoils>
  std::string after(Spoils spoils) const {
    const bool earlier =
        std::ranges::any_of(ops_, [&](const KeyOp& op) { return op.call != culprit_.call && spoils(op); });
    return earlier ? " after that" : "";
  }

  /// A call that had not returned at the time is told as such, whatever it answered later.
  std::string statement(const KeyOp* op) {
    named_.push_back(op->call);
    if (op->pending()) return subject(history_, op->call) + " was still going on";
    return mapquake::statement(history_, op->call);
  }

  std::string both(const KeyOp* other) {
    named_.push_back(other->call);
    named_.push_back(culprit_.call);
    const std::string one = predicate(history_, other->call);
    const std::string two = predicate(history_, culprit_.call);
    if (one != two) return statement(other) + " and " + statement(&culprit_);
    return subject(history_, other->call) + " and " + subject(history_, culprit_.call) + " both " + one;
  }

  const History& history_;
  const std::string key_;
  const std::span<const KeyOp> ops_;
  const KeyOp& culprit_;
  std::vector<std::uint32_t> named_;
};

}  // namespace

void explain(const History& history, std::int64_t key, std::span<const KeyOp> ops, std::size_t culprit, Symptom symptom,
             Violation& violation) {
  Explanation explanation(history, key, ops, culprit);
  std::optional<std::string> why;
  switch (symptom) {
    case Symptom::lost_key:
      why = explanation.lost_key();
      break;
    case Symptom::duplicate_insert:
      why = explanation.duplicate_insert();
      break;
    case Symptom::double_erase:
      why = explanation.double_erase();
      break;
    case Symptom::resurrected_key:
      why = explanation.resurrected_key();
      break;
    case Symptom::phantom_key:
      why = explanation.phantom_key();
      break;
    case Symptom::unwritten_value:
      why = explanation.unwritten_value();
      break;
    case Symptom::stale_value:
    case Symptom::lost_update:
      why = explanation.wrong_value();
      break;
    default:
      break;
  }
  violation.why = capitalised(why ? *why : explanation.list());
  violation.calls = explanation.calls();
}

}  // namespace mapquake
