#include "harness/recorded/just_in_time.hpp"

#include "harness/base/rng.hpp"

#include <bit>
#include <cstdint>

namespace mapquake::recorded {
namespace {

/// Stands for a value that nobody has told. No log has it (log_values.hpp).
constexpr std::int64_t untold = INT64_MIN;

/// Does an answer "yes" tell the value that was there?
bool tells_value(Action action) {
  switch (action) {
    case Action::find:
    case Action::take:
    case Action::exchange:
    case Action::compare_exchange:
    case Action::update:
    case Action::get_or_create:
      return true;
    default:
      return false;
  }
}

/// What is left of an unknown value after something was added to it is as unknown.
bool is_untold(const KeyOp& op, const KeyState& state) {
  if (!state.present) return false;
  if (state.value == untold) return true;
  const bool adds = op.action == Action::update || op.action == Action::upsert;
  return adds && state.value == added(untold, op.argument);
}

}  // namespace

KeyVerdict JustInTime::check(std::span<const KeyOp> ops, Initially initially, std::vector<Cut>* cuts) {
  configurations_.assign(1, Configuration{});
  if (initially == Initially::unknown) configurations_.push_back({0, {true, untold}, true});
  return run(ops, cuts);
}

KeyVerdict JustInTime::check_from(std::span<const KeyOp> ops, KeyState state) {
  configurations_.assign(1, Configuration{0, state, false});
  return run(ops, nullptr);
}

KeyVerdict JustInTime::run(std::span<const KeyOp> ops, std::vector<Cut>* cuts) {
  ops_ = ops;
  open_ = 0;
  too_many_ = false;
  returns_ = {};
  const auto return_first = [this] {
    const std::uint32_t slot = returns_.top().second;
    returns_.pop();
    return complete(slot);
  };
  const auto failed = [this](std::uint32_t op) {
    return KeyVerdict{too_many_ ? Verdict::undecided : Verdict::illegal, op};
  };
  for (std::uint32_t i = 0; i < ops.size(); ++i) {
    while (!returns_.empty() && returns_.top().first < ops[i].invoked) {
      const std::uint32_t op = op_of_slot_[returns_.top().second];
      if (!return_first()) return failed(op);
    }
    if (cuts != nullptr && open_ == 0 && configurations_.size() == 1 && !configurations_[0].any_value) {
      if (cuts->size() == cuts_max) cuts->erase(cuts->begin(), cuts->begin() + cuts_max / 2);
      cuts->push_back({i, configurations_[0].state});
    }
    if (!invoke(i)) return {Verdict::undecided, i};
  }
  while (!returns_.empty()) {
    const std::uint32_t op = op_of_slot_[returns_.top().second];
    if (!return_first()) return failed(op);
  }
  return {};
}

bool JustInTime::invoke(std::uint32_t op) {
  if (open_ == ~std::uint64_t{0}) return false;
  const auto slot = static_cast<std::uint32_t>(std::countr_one(open_));
  open_ |= std::uint64_t{1} << slot;
  op_of_slot_[slot] = op;
  if (!ops_[op].pending()) returns_.emplace(ops_[op].returned, slot);
  if (is_read(ops_[op])) {
    for (Configuration& configuration : configurations_) {
      if (is_settled_read(configuration, ops_[op])) configuration.done |= std::uint64_t{1} << slot;
    }
  }
  return true;
}

/// Only read, and the answer is right now, whatever the unknown value is: no order is lost by placing it at once.
bool JustInTime::is_settled_read(const Configuration& configuration, const KeyOp& op) const {
  if (!is_read(op)) return false;
  KeyState state = configuration.state;
  if (perform(op, state) != ModelEffect::silent) return false;
  return !configuration.any_value || op.action != Action::compare_exchange;
}

void JustInTime::place_reads(Configuration& configuration) const {
  for (std::uint64_t left = open_ & ~configuration.done; left != 0; left &= left - 1) {
    const auto slot = static_cast<std::uint32_t>(std::countr_zero(left));
    if (is_settled_read(configuration, ops_[op_of_slot_[slot]])) configuration.done |= std::uint64_t{1} << slot;
  }
}

/// One call alone, one configuration: no set is needed.
bool JustInTime::take_fast(std::uint32_t slot) {
  const KeyOp& op = ops_[op_of_slot_[slot]];
  if (open_ != std::uint64_t{1} << slot || configurations_.size() != 1) return false;
  Configuration& only = configurations_[0];
  if (only.any_value || op.alternatives != 1) return false;
  if (only.done == 0 && perform(op, only.state) == ModelEffect::impossible) configurations_.clear();
  if (!configurations_.empty()) only.done = 0;
  open_ = 0;
  return true;
}

bool JustInTime::complete(std::uint32_t slot) {
  if (take_fast(slot)) return !configurations_.empty();
  const std::uint64_t bit = std::uint64_t{1} << slot;
  next_.clear();
  work_.clear();
  seen_.clear();
  for (const Configuration& configuration : configurations_) add(configuration, slot);
  while (!work_.empty() && !too_many_) {
    const Configuration from = work_.back();
    work_.pop_back();
    expand(from, slot);
  }
  open_ &= ~bit;
  for (Configuration& configuration : next_) configuration.done &= ~bit;
  configurations_.swap(next_);
  return !too_many_ && !configurations_.empty();
}

/// Those in which the returning call has taken effect are done; the others are to be expanded.
void JustInTime::add(Configuration configuration, std::uint32_t slot) {
  place_reads(configuration);
  const Fingerprint code = code_of(configuration);
  if (seen_.contains(code)) return;
  seen_.insert(code);
  const bool done = (configuration.done >> slot & 1) != 0;
  (done ? next_ : work_).push_back(configuration);
  if (next_.size() + work_.size() > limit_) too_many_ = true;
}

void JustInTime::expand(const Configuration& from, std::uint32_t slot) {
  for (std::uint64_t left = open_ & ~from.done; left != 0 && !too_many_; left &= left - 1) {
    const auto other = static_cast<std::uint32_t>(std::countr_zero(left));
    const KeyOp& op = ops_[op_of_slot_[other]];
    for (std::uint8_t alternative = 0; alternative < op.alternatives; ++alternative) {
      outcomes(from, op, alternative, [&](Configuration to) {
        // A pending call that changes nothing need not take effect at all.
        const bool useless = op.pending() && to.state == from.state && to.any_value == from.any_value;
        if (useless) return;
        to.done |= std::uint64_t{1} << other;
        add(to, slot);
      });
    }
  }
}

template <class Found>
void JustInTime::outcomes(const Configuration& from, const KeyOp& op, std::uint8_t alternative, Found found) const {
  Configuration to = from;
  if (!from.any_value) {
    if (perform_alternative(op, alternative, to.state) != ModelEffect::impossible) found(to);
    return;
  }
  // The value is one that the call does not tell, or the one that it tells.
  if (perform_alternative(op, alternative, to.state) != ModelEffect::impossible) {
    to.any_value = is_untold(op, to.state);
    if (to.any_value) to.state.value = untold;
    found(to);
  }
  const bool told = tells_value(op.action) && (op.answer == Answer::yes || op.action == Action::compare_exchange);
  if (!told) return;
  to = from;
  to.any_value = false;
  to.state.value = op.value;
  if (perform_alternative(op, alternative, to.state) != ModelEffect::impossible) found(to);
}

Fingerprint JustInTime::code_of(const Configuration& configuration) {
  const std::uint64_t state = mix64(static_cast<std::uint64_t>(configuration.state.value) ^
                                    (configuration.state.present ? 0x9e3779b9ULL << 32 : 0)) +
                              (configuration.any_value ? 1 : 0);
  return {mix64(state ^ mix64(configuration.done)), mix64(~state + mix64(configuration.done ^ 0x5bd1e995))};
}

}  // namespace mapquake::recorded
