// The sequential specification of one key of a map: what each operation does to it and which answers are right.
// Every oracle that reasons about order uses this one definition.
#pragma once

#include "harness/history/operation_table.hpp"

#include <cstdint>

namespace mapquake {

struct KeyState {
  bool present = false;
  std::int64_t value = 0;  ///< 0 while absent, so that equal states compare equal
  friend bool operator==(const KeyState&, const KeyState&) = default;
};

/// What the caller was told; `unknown` where the call gives no answer or did not return one.
enum class Answer : std::uint8_t { unknown, no, yes };

inline constexpr std::uint32_t never = UINT32_MAX;

/// One call as far as it concerns one key.
struct KeyOp {
  std::uint32_t call = 0;  ///< index into History::calls
  std::uint32_t invoked = 0;
  std::uint32_t returned = never;
  Action action = Action::find;
  Answer answer = Answer::unknown;
  /// 1: it took effect (or, if it never returned, may do so at any time after). 2: it took effect or did nothing.
  /// 3: as 2, or it left the key absent (an overwriting call that threw, or may be about to, under the basic
  /// guarantee). Where an entry may vanish and the answer does not tell whether it had, twice as many: the entry
  /// vanished just before, and then the same.
  std::uint8_t alternatives = 1;
  /// The map may forget (Retention): an entry may go away at any time. It goes at the latest instant that explains the
  /// answers: right before the first call that did not find it.
  bool may_vanish = false;
  std::int64_t argument = 0;  ///< value written; update, upsert: what is added
  std::int64_t value = 0;     ///< the value answered; compare_exchange: that must be there

  bool pending() const { return returned == never; }
  /// May the entry have vanished before the call without an answer that tells?
  bool vanishing_is_open() const { return may_vanish && answer == Answer::unknown; }
  /// Did the call certainly happen, exactly once, as answered?
  bool certain() const { return alternatives == 1 && !pending(); }
};

/// Of a call, on the sequential model's state.
enum class ModelEffect : std::uint8_t {
  impossible,  ///< the answer is wrong in this state
  silent,      ///< possible, and changes nothing
  changes,
};

/// The value after adding, with wrap-around: maps of int64 values overflow silently at worst.
inline std::int64_t added(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// Performs `op` on `state` (left alone unless the answer is `changes`), with the entry as it is.
inline ModelEffect perform_exactly(const KeyOp& op, KeyState& state) {
  const auto becomes = [&state](KeyState next) {
    if (state == next) return ModelEffect::silent;
    state = next;
    return ModelEffect::changes;
  };
  const auto possible = [](bool right) { return right ? ModelEffect::silent : ModelEffect::impossible; };
  const bool yes = op.answer == Answer::yes;
  const bool no = op.answer == Answer::no;
  switch (op.action) {
    case Action::none:
      return ModelEffect::silent;
    case Action::find:
      return possible(yes ? state.present && state.value == op.value : !no || !state.present);
    case Action::contains:
      return possible(yes ? state.present : !no || !state.present);
    case Action::insert:
      if (yes ? state.present : no && !state.present) return ModelEffect::impossible;
      return state.present ? ModelEffect::silent : becomes({true, op.argument});
    case Action::erase:
      if (yes ? !state.present : no && state.present) return ModelEffect::impossible;
      return becomes({});
    case Action::take:
      if (yes ? !state.present || state.value != op.value : no && state.present) return ModelEffect::impossible;
      return becomes({});
    case Action::assign:
      if (yes ? state.present : no && !state.present) return ModelEffect::impossible;
      return becomes({true, op.argument});
    case Action::exchange:
      if (yes ? !state.present || state.value != op.value : no && state.present) return ModelEffect::impossible;
      return becomes({true, op.argument});
    case Action::replace:
      if (yes ? !state.present : no && state.present) return ModelEffect::impossible;
      return state.present ? becomes({true, op.argument}) : ModelEffect::silent;
    case Action::compare_exchange: {
      const bool matches = state.present && state.value == op.value;
      if (yes ? !matches : no && matches) return ModelEffect::impossible;
      return matches ? becomes({true, op.argument}) : ModelEffect::silent;
    }
    case Action::update:
      if (yes ? !state.present || state.value != op.value : no && state.present) return ModelEffect::impossible;
      return state.present ? becomes({true, added(state.value, op.argument)}) : ModelEffect::silent;
    case Action::upsert:
      if (yes ? state.present : no && !state.present) return ModelEffect::impossible;
      return becomes({true, state.present ? added(state.value, op.argument) : op.argument});
    case Action::get_or_create:
      if (yes && op.value != (state.present ? state.value : op.argument)) return ModelEffect::impossible;
      return state.present ? ModelEffect::silent : becomes({true, op.argument});
  }
  return ModelEffect::impossible;
}

/// The same; where the entry may vanish, it does so first if the answer says so.
inline ModelEffect perform(const KeyOp& op, KeyState& state) {
  const ModelEffect effect = perform_exactly(op, state);
  if (effect != ModelEffect::impossible || !op.may_vanish || !state.present) return effect;
  KeyState gone;
  if (perform_exactly(op, gone) == ModelEffect::impossible) return ModelEffect::impossible;
  if (gone == state) return ModelEffect::silent;
  state = gone;
  return ModelEffect::changes;
}

inline ModelEffect perform_alternative_of(const KeyOp& op, std::uint8_t alternative, KeyState& state) {
  if (alternative == 0) return perform(op, state);
  if (alternative == 1) return ModelEffect::silent;
  if (!state.present) return ModelEffect::silent;
  state = {};
  return ModelEffect::changes;
}

/// Performs one of the `op.alternatives` of a call; alternative 0 is the effect itself.
inline ModelEffect perform_alternative(const KeyOp& op, std::uint8_t alternative, KeyState& state) {
  const std::uint8_t kept = op.vanishing_is_open() ? op.alternatives / 2 : op.alternatives;
  if (alternative >= kept) {
    if (!state.present) return ModelEffect::impossible;  // then it is no other than the alternative without it
    const KeyState before = state;
    state = {};
    const ModelEffect effect = perform_alternative_of(op, static_cast<std::uint8_t>(alternative - kept), state);
    if (effect == ModelEffect::impossible) state = before;
    if (effect == ModelEffect::impossible) return effect;
    return state == before ? ModelEffect::silent : ModelEffect::changes;
  }
  return perform_alternative_of(op, alternative, state);
}

/// Does the call, answered as it was, have no effect in whatever state it happened? A mere coincidence (erasing an
/// absent key without an answer, overwriting a value by the same) does not count.
inline bool is_read(const KeyOp& op) {
  if (!op.certain()) return false;
  switch (op.action) {
    case Action::find:
    case Action::contains:
      return true;
    case Action::insert:
    case Action::erase:
    case Action::take:
    case Action::replace:
    case Action::compare_exchange:
      return op.answer == Answer::no;
    case Action::update:
      return op.answer == Answer::no || op.argument == 0;
    case Action::get_or_create:
      return op.answer == Answer::yes && op.value != op.argument;
    case Action::none:
    case Action::assign:
    case Action::exchange:
    case Action::upsert:
      return false;
  }
  return false;
}

inline bool is_look_up(const KeyOp& op) {
  return op.action == Action::find || op.action == Action::contains;
}

/// What is known of the key at the instant right after a certain call took effect.
struct Aftermath {
  enum Presence : std::uint8_t { unknown, absent, present } presence = unknown;
  bool value_known = false;
  std::int64_t value = 0;
};

inline Aftermath aftermath(const KeyOp& op) {
  if (!op.certain()) return {};
  const bool yes = op.answer == Answer::yes;
  const bool no = op.answer == Answer::no;
  switch (op.action) {
    case Action::find:
      if (yes) return {Aftermath::present, true, op.value};
      return no ? Aftermath{Aftermath::absent} : Aftermath{};
    case Action::contains:
      if (yes) return {Aftermath::present};
      return no ? Aftermath{Aftermath::absent} : Aftermath{};
    case Action::insert:
      return {Aftermath::present, yes, op.argument};
    case Action::erase:
    case Action::take:
      return {Aftermath::absent};
    case Action::assign:
    case Action::exchange:
      return {Aftermath::present, true, op.argument};
    case Action::replace:
      if (yes) return {Aftermath::present, true, op.argument};
      return no ? Aftermath{Aftermath::absent} : Aftermath{};
    case Action::compare_exchange:
      return yes ? Aftermath{Aftermath::present, true, op.argument} : Aftermath{};
    case Action::upsert:
      return {Aftermath::present, yes, op.argument};
    case Action::none:
      return {};
    case Action::update:
      if (yes) return {Aftermath::present, true, added(op.value, op.argument)};
      return no ? Aftermath{Aftermath::absent} : Aftermath{};
    case Action::get_or_create:
      return {Aftermath::present, yes, op.value};
  }
  return {};
}

/// Could the call have turned an absent key into a present one?
inline bool may_create(const KeyOp& op) {
  switch (op.action) {
    case Action::insert:
    case Action::assign:
    case Action::upsert:
      return op.answer != Answer::no;
    case Action::exchange:
      return op.answer != Answer::yes;
    case Action::get_or_create:
      return op.answer != Answer::yes || op.value == op.argument;
    default:
      return false;
  }
}

/// Could the call have turned a present key into an absent one?
inline bool may_remove(const KeyOp& op) {
  return ((op.action == Action::erase || op.action == Action::take) && op.answer != Answer::no) ||
         op.alternatives == 3 || op.may_vanish;
}

/// Could the call have left `value` behind as its own writing?
inline bool may_write(const KeyOp& op, std::int64_t value) {
  switch (op.action) {
    case Action::insert:
    case Action::replace:
    case Action::compare_exchange:
      return op.answer != Answer::no && op.argument == value;
    case Action::assign:
    case Action::exchange:
      return op.argument == value;
    case Action::upsert:
      return op.answer != Answer::yes || op.argument == value;
    case Action::get_or_create:
      return may_create(op) && op.argument == value;
    case Action::update:
      return op.answer == Answer::unknown || (op.answer == Answer::yes && added(op.value, op.argument) == value);
    default:
      return false;
  }
}

}  // namespace mapquake
