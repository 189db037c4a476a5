// How far the claims reach: what a call that threw may have done, and which traversals are held to a contract.
#pragma once

#include "harness/history/history.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <span>

namespace mapquake {

inline bool threw(const Call& call) {
  return call.status == CallStatus::threw_bad_alloc || call.status == CallStatus::threw_injected ||
         call.status == CallStatus::threw || call.status == CallStatus::torn_value;
}

/// Of a bound: is the key on the side that it asks for?
inline bool in_range(const Operation& bound, std::int64_t key) {
  return bound.kind == OpKind::lower_bound ? key >= bound.key : key > bound.key;
}

/// Of a bound: does its answer say something of this key? Requires: it returned.
inline bool concerns(const History& history, const Call& bound, std::int64_t key) {
  const std::span<const Visit> answer = history.visits_of(bound);
  return in_range(bound.operation, key) && (answer.empty() || key <= answer.front().key);
}

/// Under the strong guarantee a call that threw has had no effect. A refusal promises nothing of the kind: detectors
/// of concurrent writes may fire after the write.
inline bool certainly_without_effect(const Call& call, const Claims& claims) {
  // The claim is about bad_alloc. What a predicate throws leaves erased what it had answered true for before: so do the
  // standard's own erase_if and remove_if.
  const bool by_predicate = call.operation.kind == OpKind::erase_if && call.status == CallStatus::threw_injected;
  // A visitor may throw behind the call that it made.
  const bool may_be_later = by_predicate || calls_within(call.operation.kind);
  return threw(call) && !may_be_later && claims.on_bad_alloc == ExceptionGuarantee::strong;
}

/// Of a transaction that returned: did all of it happen?
inline bool is_committed(const Call& transaction) {
  return transaction.status == CallStatus::returned && (transaction.told == abi::Told::nothing || transaction.flag);
}

/// May the transaction have written anything? Where it is claimed to be one, only if it committed, or may do so yet.
inline bool may_have_written(const Call& transaction, const Claims& claims) {
  return claims.transactions == SeveralKeys::per_key || transaction.status == CallStatus::pending ||
         is_committed(transaction);
}

/// iterate, copy, erase_if, bounds: is what it visited held to a contract? Requires: the call returned.
///
/// A traversal that no write overlaps always is. One that writes overlap is if the claim says so (weakly consistent,
/// snapshot, linearizable). A map that claims no concurrent writes at all and is run with them on purpose is judged
/// as if it claimed weak consistency. What fail-fast and exclusive traversals of concurrent maps do under writes is
/// not claimed. Bounds have a claim of their own.
inline bool traversal_judged(const Call& call, bool overlaps_write, const Claims& claims) {
  if (is_bound(call.operation.kind)) return !overlaps_write || claims.bounds != Bounds::exclusive;
  const bool iterates = is_iteration(call.operation.kind);
  if (iterates && claims.iteration == Iteration::none) return false;
  if (!overlaps_write) return true;
  if (!iterates && claims.whole_map == WholeMap::linearizable) return true;
  switch (claims.iteration) {
    case Iteration::weakly_consistent:
    case Iteration::snapshot:
      return true;
    case Iteration::exclusive:
    case Iteration::none:
      return claims.concurrent_use != ConcurrentUse::all_operations;
    case Iteration::fail_fast:
      return false;
  }
  return false;
}

}  // namespace mapquake
