#include "harness/oracle/key_histories.hpp"

#include "harness/base/assert.hpp"
#include "harness/oracle/judgement.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::size_t table_size_min = 64;

Answer answer_of(bool yes) {
  return yes ? Answer::yes : Answer::no;
}

/// The call as an operation on its key. Requires that the table knows an action for it.
KeyOp point_op(const Call& call, std::uint32_t index) {
  KeyOp op{.call = index, .invoked = call.invoked, .returned = call.returned};
  op.action = traits_of(call.operation.kind).action;
  MQ_ASSERT(op.action != Action::none);
  op.argument = call.operation.value;
  op.value = op.action == Action::compare_exchange ? call.operation.extra : call.value;
  switch (answers_of(call)) {
    case Answers::visits:
    case Answers::flag:
      op.answer = answer_of(call.flag);
      break;
    case Answers::value:
      op.answer = answer_of(call.has_value);
      break;
    default:
      op.answer = Answer::unknown;
  }
  if (op.action == Action::get_or_create && !call.has_value) op.answer = Answer::unknown;
  if (call.told == abi::Told::old_value) {
    if (op.action == Action::erase) op.action = Action::take;
    if (op.action == Action::assign) op.action = Action::exchange;
  }
  return op;
}

bool overwrites(Action action) {
  switch (action) {
    case Action::assign:
    case Action::exchange:
    case Action::replace:
    case Action::compare_exchange:
    case Action::update:
    case Action::upsert:
      return true;
    default:
      return false;
  }
}

/// Turns `op` into the same call without an answer. False if nothing is left that could matter.
bool without_answer(KeyOp& op, const Call& call, const Claims& claims) {
  if (!is_write(call.operation.kind) || certainly_without_effect(call, claims)) return false;
  op.answer = Answer::unknown;
  // A pending call may be on its way out of a throw, with the key lost already.
  const bool pending = call.status == CallStatus::pending;
  const bool may_lose =
      overwrites(op.action) && (pending || threw(call)) && claims.on_bad_alloc != ExceptionGuarantee::strong;
  op.alternatives = may_lose ? 3 : pending ? 1 : 2;
  if (pending) op.returned = never;
  return true;
}

/// The call as one that adds entries, each at an instant of its own. If it threw, what it added before stays, whatever
/// each step guarantees.
KeyOp adding_op(const Call& call, const KeyOp& base, const Claims& claims) {
  KeyOp op = base;
  op.action = Action::insert;
  op.argument = call.operation.value;
  if (call.status != CallStatus::returned && !without_answer(op, call, claims)) op.alternatives = 2;
  return op;
}

/// Of a map whose look-ups lag behind: what `op`, which returned, says of the order of writes. Those have their place
/// between call and return, whatever they answered; if that was that they did nothing, they may have.
KeyOp without_lag(KeyOp op) {
  if (is_look_up(op)) return op;
  op.alternatives = is_read(op) ? 2 : 1;
  op.answer = Answer::unknown;
  return op;
}

/// The old value that a write of such a map answered is one more look-up. False if it answered none.
bool look_up_within(const KeyOp& op, KeyOp& look_up) {
  const bool old = op.action == Action::take || op.action == Action::exchange || op.action == Action::update ||
                   (op.action == Action::get_or_create && op.value != op.argument);
  if (!old || op.answer != Answer::yes) return false;
  look_up = op;
  look_up.action = Action::find;
  return true;
}

}  // namespace

void KeyHistories::build(const History& history, const Claims& claims, const Overlaps& overlaps) {
  keys_.clear();
  ops_.clear();
  op_keys_.clear();
  if (table_.empty()) table_.resize(table_size_min);
  if (++generation_ == 0) {
    table_.assign(table_.size(), Slot{});
    generation_ = 1;
  }

  lags_ = !claims.linearizable;
  forgets_ = claims.retention != Retention::keeps;
  call_keys_.resize(history.calls.size());
  for (std::size_t i = 0; i < history.calls.size(); ++i) {
    const Operation& operation = history.calls[i].operation;
    if (names_key(operation.kind)) call_keys_[i] = index_of(operation.key);
    if (names_other_key(operation.kind)) index_of(operation.extra);
  }
  visit_keys_.resize(history.visits.size());
  for (std::size_t i = 0; i < history.visits.size(); ++i) visit_keys_[i] = index_of(history.visits[i].key);

  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    const bool returned = call.status == CallStatus::returned;
    if (calls_within(call.operation.kind) && returned && call.count == 0) continue;
    if (traits_of(call.operation.kind).action != Action::none) {
      KeyOp op = point_op(call, i);
      if (!returned && !without_answer(op, call, claims)) continue;
      if (lags_ && returned && i < history.quiescent_from) {
        emit_lagging(call_keys_[i], op);
      } else {
        emit(call_keys_[i], op);
      }
      continue;
    }
    KeyOp base{.call = i, .invoked = call.invoked, .returned = call.returned, .action = Action::erase};
    if (call.operation.kind == OpKind::insert_range) emit_insert_range(call, base, claims);
    if (call.operation.kind == OpKind::find_all && returned) emit_find_all(history, call, base);
    if (is_transaction(call.operation.kind) && may_have_written(call, claims)) emit_transaction(call, base, claims);
    if (call.operation.kind == OpKind::merge) emit_merge(history, call, base, claims);
    if (call.operation.kind == OpKind::clear) emit_clear(history, call, base, claims);
    if (call.operation.kind == OpKind::erase_if) {
      const bool judged = returned && !lags_ && traversal_judged(call, overlaps.with_write(history, i), claims);
      emit_erase_if(history, call, base, claims, judged);
    }
  }
  group();
  if (lags_) let_look_ups_lag(history, claims);
}

void KeyHistories::emit_lagging(std::uint32_t key, const KeyOp& op) {
  KeyOp look_up;
  if (look_up_within(op, look_up)) emit(key, look_up);
  emit(key, without_lag(op));
}

/// Each key is added at an instant of its own; there is no answer. `key` comes once more at the end of the range
/// (OpKind::insert_range): who adds one after the other adds it again where it has been erased meanwhile.
void KeyHistories::emit_insert_range(const Call& call, const KeyOp& base, const Claims& claims) {
  KeyOp op = adding_op(call, base, claims);
  emit(index_of(call.operation.key), op);
  if (call.operation.extra != call.operation.key) emit(index_of(call.operation.extra), op);
  if (claims.whole_map == WholeMap::linearizable) return;
  if (!op.pending()) op.alternatives = 2;
  emit(index_of(call.operation.key), op);
  if (call.operation.extra == call.operation.key) emit(index_of(call.operation.key), op);
}

/// A look-up of each key; `key` is the last one, too (OpKind::find_all).
void KeyHistories::emit_find_all(const History& history, const Call& call, const KeyOp& base) {
  KeyOp op = base;
  op.action = Action::find;
  const std::span<const Visit> found = history.visits_of(call);
  std::size_t next = 0;
  std::uint64_t there = call.count;
  for (const std::int64_t key : {call.operation.key, call.operation.extra, call.operation.key}) {
    const bool is_found = (there & 1) != 0 && next < found.size();
    op.answer = answer_of(is_found);
    op.value = is_found ? found[next++].value : 0;
    emit(index_of(key), op);
    there >>= 1;
  }
}

/// What may have been written of one that did not commit may be any part of it, each key's as by a call on that key.
void KeyHistories::emit_transaction(const Call& call, const KeyOp& base, const Claims& claims) {
  const Operation& operation = call.operation;
  const bool in_part = claims.transactions == SeveralKeys::per_key && !is_committed(call);
  const bool pending = call.status == CallStatus::pending;
  KeyOp put = base;
  put.action = Action::assign;
  put.argument = operation.value;
  if (in_part) {
    const bool may_lose = claims.on_bad_alloc != ExceptionGuarantee::strong && call.status != CallStatus::returned;
    put.alternatives = may_lose ? 3 : pending ? 1 : 2;
  }
  KeyOp erase = put;
  erase.action = Action::erase;
  emit(index_of(operation.key), put);
  if (operation.extra == operation.key) return;
  emit(index_of(operation.extra), operation.kind == OpKind::transact_erasing ? erase : put);
}

/// Each key is added at an instant of its own; what is left in the other map tells which were not, unless that may have
/// forgotten it.
void KeyHistories::emit_merge(const History& history, const Call& call, const KeyOp& base, const Claims& claims) {
  KeyOp op = adding_op(call, base, claims);
  const bool returned = call.status == CallStatus::returned;
  const bool tells = returned && !lags_ && claims.retention == Retention::keeps;
  if (returned && !tells) op.alternatives = 2;
  const auto add = [&](std::int64_t key) {
    const auto left = [key](const Visit& visit) { return visit.key == key; };
    if (tells) op.answer = answer_of(std::ranges::none_of(history.visits_of(call), left));
    emit(index_of(key), op);
  };
  add(call.operation.key);
  if (call.operation.extra != call.operation.key) add(call.operation.extra);
}

/// A look-up may come before it was called, at any instant since the write that it must not miss: it sees an earlier
/// state of the key.
void KeyHistories::let_look_ups_lag(const History& history, const Claims& claims) {
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    const std::span<std::uint32_t> order = std::span(order_).subspan(begins_[key], begins_[key + 1] - begins_[key]);
    for (const std::uint32_t i : order) {
      KeyOp& op = ops_[i];
      if (op.call >= history.quiescent_from || !is_look_up(op)) continue;
      const ThreadId reader = history.calls[op.call].thread;
      std::uint32_t since = 0;
      for (const std::uint32_t other : order) {
        const KeyOp& write = ops_[other];
        if (claims.may_miss == Missed::any_writes || is_look_up(write) || write.call >= op.call) continue;
        const ThreadId writer = history.calls[write.call].thread;
        const bool own = writer == reader || writer == main_thread;
        if (own && write.returned < op.returned) since = std::max(since, write.returned);
      }
      op.invoked = std::min(op.invoked, since + 1);
    }
    std::ranges::stable_sort(order, {}, [this](std::uint32_t i) { return ops_[i].invoked; });
  }
}

void KeyHistories::emit_clear(const History& history, const Call& call, const KeyOp& base, const Claims& claims) {
  KeyOp op = base;
  if (call.status != CallStatus::returned && !without_answer(op, call, claims)) return;
  for (std::uint32_t key = 0; key < keys_.size(); ++key) emit(key, op);
  if (claims.whole_map == WholeMap::linearizable) return;
  // A clear() that goes on until it finds nothing more takes what comes back meanwhile as well.
  if (!op.pending()) op.alternatives = 2;
  for (std::size_t other = 0; other < history.calls.size(); ++other) {
    const Call& adding = history.calls[other];
    const bool meanwhile = adding.invoked < call.returned && adding.returned > call.invoked;
    if (!meanwhile || !adds_entry(adding.operation.kind)) continue;
    emit(call_keys_[other], op);
    if (names_other_key(adding.operation.kind)) emit(index_of(adding.operation.extra), op);
  }
}

void KeyHistories::emit_erase_if(const History& history, const Call& call, const KeyOp& base, const Claims& claims,
                                 bool judged) {
  KeyOp op = base;
  if (judged) {
    op.action = Action::take;
    op.answer = Answer::yes;
    for (std::uint32_t v = call.visits_begin; v < call.visits_end; ++v) {
      if (!history.visits[v].erased) continue;
      op.value = history.visits[v].value;
      emit(visit_keys_[v], op);
    }
    return;
  }
  if (call.status == CallStatus::returned) {
    op.alternatives = 2;
  } else {
    // An erase_if that takes key after key may have taken some of them before it threw, whatever each step guarantees.
    const bool all_or_nothing = claims.whole_map == WholeMap::linearizable;
    if (all_or_nothing && certainly_without_effect(call, claims)) return;
    if (call.status == CallStatus::pending) {
      op.returned = never;
    } else {
      op.alternatives = 2;
    }
  }
  for (std::uint32_t key = 0; key < keys_.size(); ++key) {
    if (((keys_[key] ^ call.operation.key) & 1) == 0) emit(key, op);
  }
}

void KeyHistories::emit(std::uint32_t key, const KeyOp& op) {
  ops_.push_back(op);
  if (forgets_) {
    KeyOp& forgetful = ops_.back();
    forgetful.may_vanish = true;
    if (forgetful.vanishing_is_open()) forgetful.alternatives = static_cast<std::uint8_t>(2 * forgetful.alternatives);
  }
  op_keys_.push_back(key);
}

void KeyHistories::group() {
  begins_.assign(keys_.size() + 1, 0);
  for (const std::uint32_t key : op_keys_) ++begins_[key + 1];
  for (std::size_t key = 1; key < begins_.size(); ++key) begins_[key] += begins_[key - 1];
  order_.resize(ops_.size());
  for (std::uint32_t op = 0; op < ops_.size(); ++op) order_[begins_[op_keys_[op]]++] = op;
  // Filling moved each begin to its end, which is the next key's begin.
  for (std::size_t key = begins_.size() - 1; key > 0; --key) begins_[key] = begins_[key - 1];
  begins_[0] = 0;
  latest_returns_.resize(order_.size());
  for (std::size_t key = 0; key + 1 < begins_.size(); ++key) {
    std::uint32_t latest = 0;
    for (std::uint32_t i = begins_[key]; i < begins_[key + 1]; ++i) {
      latest = std::max(latest, ops_[order_[i]].returned);
      latest_returns_[i] = latest;
    }
  }
}

std::uint32_t KeyHistories::index_of(std::int64_t key) {
  if (keys_.size() * 2 >= table_.size()) grow_table();
  const std::size_t mask = table_.size() - 1;
  // Fibonacci hashing (Knuth, TAOCP 3, 6.4): neighbouring keys spread.
  std::size_t at = (static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ULL >> 32) & mask;
  while (table_[at].generation == generation_) {
    if (table_[at].key == key) return table_[at].index;
    at = (at + 1) & mask;
  }
  table_[at] = {key, static_cast<std::uint32_t>(keys_.size()), generation_};
  keys_.push_back(key);
  return table_[at].index;
}

void KeyHistories::grow_table() {
  std::vector<std::int64_t> known;
  known.swap(keys_);
  table_.assign(table_.size() * 2, Slot{});
  keys_.reserve(table_.size());
  for (const std::int64_t key : known) index_of(key);
}

}  // namespace mapquake
