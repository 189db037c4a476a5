#include "harness/oracle/key_histories.hpp"

#include "harness/base/assert.hpp"
#include "harness/oracle/judgement.hpp"

namespace mapquake {
namespace {

constexpr std::size_t table_size_min = 64;

Answer answer_of(bool yes) {
  return yes ? Answer::yes : Answer::no;
}

/// The call as an operation on its key. Requires: names_key.
KeyOp point_op(const Call& call, std::uint32_t index) {
  KeyOp op{.call = index, .invoked = call.invoked, .returned = call.returned};
  op.argument = call.operation.value;
  op.value = call.value;
  switch (call.operation.kind) {
    case OpKind::insert:
      op.action = Action::insert;
      break;
    case OpKind::find:
      op.action = Action::find;
      break;
    case OpKind::contains:
      op.action = Action::contains;
      break;
    case OpKind::erase:
      op.action = Action::erase;
      break;
    case OpKind::assign:
      op.action = Action::assign;
      break;
    case OpKind::update:
      op.action = Action::update;
      break;
    case OpKind::get_or_create:
      op.action = Action::get_or_create;
      break;
    default:
      MQ_ASSERT(!"a call without a key");
  }
  switch (call.operation.kind) {
    case OpKind::find:
    case OpKind::update:
      op.answer = answer_of(call.has_value);
      break;
    case OpKind::get_or_create:
      op.answer = call.has_value ? Answer::yes : Answer::unknown;
      break;
    default:
      op.answer = answer_of(call.flag);
  }
  return op;
}

/// Turns `op` into the same call without an answer. False if nothing is left that could matter.
bool without_answer(KeyOp& op, const Call& call, const Claims& claims) {
  if (!is_write(call.operation.kind) || certainly_without_effect(call, claims)) return false;
  op.answer = Answer::unknown;
  // A pending call may be on its way out of a throw, with the key lost already.
  const bool pending = call.status == CallStatus::pending;
  const bool overwrites = op.action == Action::assign || op.action == Action::update;
  const bool may_lose = overwrites && (pending || threw(call)) && claims.on_bad_alloc != ExceptionGuarantee::strong;
  op.alternatives = may_lose ? 3 : pending ? 1 : 2;
  if (pending) op.returned = never;
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

  call_keys_.resize(history.calls.size());
  for (std::size_t i = 0; i < history.calls.size(); ++i) {
    const Operation& operation = history.calls[i].operation;
    if (names_key(operation.kind)) call_keys_[i] = index_of(operation.key);
  }
  visit_keys_.resize(history.visits.size());
  for (std::size_t i = 0; i < history.visits.size(); ++i) visit_keys_[i] = index_of(history.visits[i].key);

  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    const bool returned = call.status == CallStatus::returned;
    if (names_key(call.operation.kind)) {
      KeyOp op = point_op(call, i);
      if (returned || without_answer(op, call, claims)) emit(call_keys_[i], op);
      continue;
    }
    KeyOp base{.call = i, .invoked = call.invoked, .returned = call.returned, .action = Action::erase};
    if (call.operation.kind == OpKind::clear) emit_clear(history, call, base, claims);
    if (call.operation.kind == OpKind::erase_if) {
      const bool judged = returned && traversal_judged(call, overlaps.with_write(history, i), claims);
      emit_erase_if(history, call, base, claims, judged);
    }
  }
  group();
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
    if (meanwhile && adds_entry(adding.operation.kind)) emit(call_keys_[other], op);
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
