#include "harness/oracle/whole_map.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/oracle/judgement.hpp"

#include <algorithm>

namespace mapquake {
namespace {

bool of_parity(std::int64_t key, std::uint32_t parity) {
  return (static_cast<std::uint64_t>(key) & 1) == parity;
}

MapOp::Kind kind_of(OpKind kind) {
  switch (kind) {
    case OpKind::size:
      return MapOp::Kind::size;
    case OpKind::clear:
      return MapOp::Kind::clear;
    case OpKind::erase_if:
      return MapOp::Kind::erase_parity;
    case OpKind::iterate:
    case OpKind::cursor_open:
    case OpKind::copy:
    case OpKind::move:
    case OpKind::swap:
      return MapOp::Kind::exact;
    case OpKind::lower_bound:
    case OpKind::upper_bound:
      return MapOp::Kind::bound;
    case OpKind::find_all:
      return MapOp::Kind::find_all;
    case OpKind::transact:
    case OpKind::transact_erasing:
      return MapOp::Kind::transaction;
    default:
      return MapOp::Kind::point;
  }
}

MapOp map_op(const Call& call, std::uint32_t index) {
  MapOp op;
  op.kind = kind_of(call.operation.kind);
  op.key_op = {.call = index, .invoked = call.invoked, .returned = call.returned};
  op.key = static_cast<std::uint32_t>(call.operation.key & 1);
  op.count = call.count;
  op.visits_begin = call.visits_begin;
  op.visits_end = call.visits_end;
  return op;
}

Fingerprint code_of(std::uint32_t key, const KeyState& state) {
  if (!state.present) return {};
  const std::uint64_t a = mix64(mix64(key) ^ static_cast<std::uint64_t>(state.value));
  return {a, mix64(a ^ mix64(~std::uint64_t{key}))};
}

}  // namespace

bool is_whole(const History& history, std::uint32_t call, const Claims& claims, const Overlaps& overlaps) {
  if (needs_whole_map(history, call, claims) || is_atomic_bound(history, call, claims)) return true;
  if (is_together(history, call, claims)) return true;
  const Call& c = history.calls[call];
  if (c.operation.kind != OpKind::size || c.status != CallStatus::returned) return false;
  return claims.size == SizeClaim::quiescent && !overlaps.with_write(history, call);
}

bool is_atomic_bound(const History& history, std::uint32_t call, const Claims& claims) {
  const Call& c = history.calls[call];
  return claims.bounds == Bounds::linearizable && is_bound(c.operation.kind) && c.status == CallStatus::returned;
}

bool is_together(const History& history, std::uint32_t call, const Claims& claims) {
  const Call& c = history.calls[call];
  if (is_transaction(c.operation.kind)) {
    return claims.transactions == SeveralKeys::linearizable && may_have_written(c, claims);
  }
  return claims.find_all == SeveralKeys::linearizable && c.operation.kind == OpKind::find_all &&
         c.status == CallStatus::returned;
}

bool needs_whole_map(const History& history, std::uint32_t call, const Claims& claims) {
  if (history.calls[call].status != CallStatus::returned) return false;
  switch (history.calls[call].operation.kind) {
    case OpKind::size:
      return claims.size == SizeClaim::linearizable;
    case OpKind::clear:
    case OpKind::erase_if:
    case OpKind::copy:
    case OpKind::move:
    case OpKind::swap:
      return claims.whole_map == WholeMap::linearizable;
    case OpKind::iterate:
      return claims.iteration == Iteration::snapshot;
    case OpKind::cursor_open:
      return claims.iteration == Iteration::snapshot && history.calls[call].flag;  // it came to its end
    default:
      return false;
  }
}

void list_map_ops(const History& history, const Claims& claims, const Overlaps& overlaps, const KeyHistories& keys,
                  std::vector<MapOp>& ops) {
  ops.clear();
  const std::span<const KeyOp> key_ops = keys.ops();
  std::size_t next = 0;
  for (std::uint32_t call = 0; call < history.calls.size(); ++call) {
    const bool whole = is_whole(history, call, claims, overlaps);
    const std::size_t first = next;
    for (; next < key_ops.size() && key_ops[next].call == call; ++next) {
      if (whole) continue;
      MapOp op;
      op.key_op = key_ops[next];
      op.key = keys.key_of_op(next);
      ops.push_back(op);
    }
    if (!whole) continue;
    MapOp& op = ops.emplace_back(map_op(history.calls[call], call));
    op.ops_begin = static_cast<std::uint32_t>(first);
    op.ops_end = static_cast<std::uint32_t>(next);
  }
  MQ_ASSERT(next == key_ops.size());
}

void keep_what_some_keys_concern(const History& history, const KeyHistories& keys, std::vector<MapOp>& ops) {
  std::vector<bool> concerned(keys.key_count());
  const auto names_keys = [](const MapOp& op) {
    return op.kind == MapOp::Kind::find_all || op.kind == MapOp::Kind::transaction;
  };
  for (const MapOp& op : ops) {
    if (names_keys(op)) {
      for (std::uint32_t i = op.ops_begin; i < op.ops_end; ++i) concerned[keys.key_of_op(i)] = true;
    }
    if (op.kind != MapOp::Kind::bound) continue;
    const Call& bound = history.calls[op.key_op.call];
    for (std::size_t key = 0; key < concerned.size(); ++key) {
      if (concerns(history, bound, keys.key(key))) concerned[key] = true;
    }
  }
  std::erase_if(ops, [&](const MapOp& op) {
    if (op.kind == MapOp::Kind::bound || names_keys(op)) return false;
    return op.kind != MapOp::Kind::point || !concerned[op.key];
  });
}

void MapModel::reset(std::span<const MapOp> ops, const History& history, const KeyHistories& keys) {
  ops_ = ops;
  history_ = &history;
  keys_ = &keys;
  states_.assign(keys.key_count(), KeyState{});
  seen_.assign(keys.key_count(), 0);
  stamp_ = 0;
  present_ = 0;
  fingerprint_ = {};
  undo_.clear();
}

ModelEffect MapModel::attempt(std::uint32_t i, std::uint8_t alternative) {
  const MapOp& op = ops_[i];
  if (op.kind == MapOp::Kind::point) {
    KeyState state = states_[op.key];
    const ModelEffect effect = perform_alternative(op.key_op, alternative, state);
    if (effect == ModelEffect::changes) set(op.key, state);
    return effect;
  }
  MQ_ASSERT(alternative == 0);
  if (op.kind == MapOp::Kind::transaction) return write_together(op);
  if (!matches(op)) return ModelEffect::impossible;
  const std::uint64_t before = present_;
  if (op.kind == MapOp::Kind::clear) {
    for (std::uint32_t key = 0; key < states_.size(); ++key) set(key, {});
  }
  if (op.kind == MapOp::Kind::erase_parity) {
    for (std::uint32_t key = 0; key < states_.size(); ++key) {
      if (of_parity(keys_->key(key), op.key)) set(key, {});
    }
  }
  return present_ == before ? ModelEffect::silent : ModelEffect::changes;
}

bool MapModel::readable(std::uint32_t i) const {
  const MapOp& op = ops_[i];
  switch (op.kind) {
    case MapOp::Kind::size:
    case MapOp::Kind::exact:
    case MapOp::Kind::bound:
    case MapOp::Kind::find_all:
      return matches(op);
    case MapOp::Kind::clear:
    case MapOp::Kind::erase_parity:
    case MapOp::Kind::transaction:
      return false;
    case MapOp::Kind::point:
      break;
  }
  if (!is_read(op.key_op)) return false;
  KeyState state = states_[op.key];
  return perform(op.key_op, state) == ModelEffect::silent;
}

bool MapModel::matches(const MapOp& op) const {
  if (!op.answered) return true;
  switch (op.kind) {
    case MapOp::Kind::size:
      return op.count == present_;
    case MapOp::Kind::erase_parity:
    case MapOp::Kind::exact:
      return visits_match(op);
    case MapOp::Kind::bound:
      return bound_matches(op);
    case MapOp::Kind::find_all:
      return found_match(op);
    case MapOp::Kind::transaction:
    case MapOp::Kind::clear:
    case MapOp::Kind::point:
      break;
  }
  return true;
}

bool MapModel::found_match(const MapOp& op) const {
  for (std::uint32_t i = op.ops_begin; i < op.ops_end; ++i) {
    KeyState state = states_[keys_->key_of_op(i)];
    if (perform(keys_->ops()[i], state) == ModelEffect::impossible) return false;
  }
  return true;
}

/// Its writes have no answers, so that they are possible in every state.
ModelEffect MapModel::write_together(const MapOp& op) {
  ModelEffect all = ModelEffect::silent;
  for (std::uint32_t i = op.ops_begin; i < op.ops_end; ++i) {
    const std::uint32_t key = keys_->key_of_op(i);
    KeyState state = states_[key];
    const ModelEffect effect = perform(keys_->ops()[i], state);
    MQ_ASSERT(effect != ModelEffect::impossible);
    if (effect != ModelEffect::changes) continue;
    set(key, state);
    all = effect;
  }
  return all;
}

/// The entry that it answered is there, and no other that it concerns is.
bool MapModel::bound_matches(const MapOp& op) const {
  const Call& bound = history_->calls[op.key_op.call];
  const bool found = op.visits_begin != op.visits_end;
  const std::uint32_t answer = found ? keys_->key_of_visit(op.visits_begin) : 0;
  if (found && states_[answer] != KeyState{true, history_->visits[op.visits_begin].value}) return false;
  if (found && !in_range(bound.operation, keys_->key(answer))) return false;
  for (std::uint32_t key = 0; key < states_.size(); ++key) {
    if (states_[key].present && !(found && key == answer) && concerns(*history_, bound, keys_->key(key))) return false;
  }
  return true;
}

/// No entry twice. exact: the visits are the map. erase_parity: those erased are the entries of that parity; others
/// that it happened to report are in the map.
bool MapModel::visits_match(const MapOp& op) const {
  ++stamp_;
  std::uint64_t all = 0;
  std::uint64_t erased = 0;
  for (std::uint32_t v = op.visits_begin; v < op.visits_end; ++v) {
    const Visit& visit = history_->visits[v];
    const std::uint32_t key = keys_->key_of_visit(v);
    if (seen_[key] == stamp_ || states_[key] != KeyState{true, visit.value}) return false;
    if (visit.erased && !of_parity(visit.key, op.key)) return false;
    seen_[key] = stamp_;
    ++all;
    if (visit.erased) ++erased;
  }
  if (op.kind == MapOp::Kind::exact) return all == present_;
  std::uint64_t expected = 0;
  for (std::uint32_t key = 0; key < states_.size(); ++key) {
    if (states_[key].present && of_parity(keys_->key(key), op.key)) ++expected;
  }
  return erased == expected;
}

void MapModel::set(std::uint32_t key, KeyState state) {
  if (states_[key] == state) return;
  undo_.push_back({key, states_[key]});
  present_ += state.present ? 1 : 0;
  present_ -= states_[key].present ? 1 : 0;
  fingerprint_ = fingerprint_ ^ code_of(key, states_[key]) ^ code_of(key, state);
  states_[key] = state;
}

void MapModel::restore(Saved saved) {
  MQ_ASSERT(saved <= undo_.size());
  while (undo_.size() > saved) {
    const Undo undo = undo_.back();
    set(undo.key, undo.before);  // records itself
    undo_.pop_back();
    undo_.pop_back();
  }
}

}  // namespace mapquake
