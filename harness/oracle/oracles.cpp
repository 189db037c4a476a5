#include "harness/oracle/oracles.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/cursors.hpp"
#include "harness/oracle/call_status.hpp"
#include "harness/oracle/copies.hpp"
#include "harness/oracle/diagnosis.hpp"
#include "harness/oracle/expiry.hpp"
#include "harness/oracle/iteration.hpp"
#include "harness/oracle/judgement.hpp"
#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/linearizability.hpp"
#include "harness/oracle/quiescence.hpp"
#include "harness/oracle/size_bounds.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace mapquake {
namespace {

/// Does one thread do all, after the prefill?
bool one_thread_alone(const History& history) {
  ThreadId only = main_thread;
  for (const Call& call : history.calls) {
    if (call.thread == main_thread || call.thread == only) continue;
    if (only != main_thread) return false;
    only = call.thread;
  }
  return true;
}

/// Does the operation leave every entry that is there, if with another value?
bool removes_nothing(OpKind kind) {
  const Action action = traits_of(kind).action;
  const bool of_a_key = action != Action::none && action != Action::erase && action != Action::take;
  return of_a_key || !is_write(kind) || kind == OpKind::insert_range || kind == OpKind::transact;
}

/// How many entries a cache may hold at a time, at most. Where something is removed every call that adds counts, also
/// of a key that was there: a cache may hold what is gone until it settles. Else keys count.
std::uint64_t entries_added(const History& history) {
  std::uint64_t added = 0;
  std::set<std::int64_t> keys;
  for (const Call& call : history.calls) {
    const Operation& operation = call.operation;
    if (!adds_entry(operation.kind)) continue;
    const bool names_two = names_other_key(operation.kind);
    added += names_two ? 2 : 1;
    keys.insert(operation.key);
    if (names_two) keys.insert(operation.extra);
  }
  const bool none_removed =
      std::ranges::all_of(history.calls, [](const Call& call) { return removes_nothing(call.operation.kind); });
  return none_removed ? keys.size() : added;
}

/// One thread alone reads its own writes, where nobody misses those: then every answer is held to be right. A map that
/// forgets or lags has no instants at which all of it is seen: what would need one is asked at rest.
/// Entries only go away where the program fills the map beyond its capacity, if that is what it claims.
/// Where the whole program is over before an entry can have expired, none has.
Claims applicable(Claims claims, const History& history) {
  if (expires(claims.retention)) {
    if (may_have_expired(history, claims)) {
      claims.retention = Retention::evicts;
      claims.size = SizeClaim::none;
      claims.iteration = Iteration::none;
    } else {
      claims.retention = claims.capacity == 0 ? Retention::keeps : Retention::evicts_full;
    }
  }
  if (claims.retention == Retention::evicts_full && claims.capacity != 0) {
    const std::uint64_t added = entries_added(history);
    if (added <= claims.capacity) claims.retention = Retention::keeps;
  }
  if (claims.may_miss == Missed::others_writes && one_thread_alone(history)) claims.linearizable = true;
  if (claims.linearizable && claims.retention == Retention::keeps) return claims;
  if (claims.size == SizeClaim::linearizable) claims.size = SizeClaim::quiescent;
  if (claims.iteration == Iteration::snapshot) claims.iteration = Iteration::weakly_consistent;
  if (claims.bounds == Bounds::linearizable) claims.bounds = Bounds::weakly_consistent;
  claims.find_all = claims.transactions = SeveralKeys::per_key;
  claims.whole_map = WholeMap::per_key;
  return claims;
}

}  // namespace

struct HistoryOracles::Scratch {
  History joined;
  Overlaps overlaps;
  KeyHistories keys;
  LinearizabilityChecker checker;
  IterationOracle iteration;
  QuiescenceOracle quiescence;
  SizeBounds sizes;
  std::vector<MapOp> map_ops;
  std::uint64_t undecided = 0;

  bool needs_map_search(const History& history, const Claims& claims, std::uint32_t end) const {
    for (std::uint32_t i = 0; i < end; ++i) {
      if (needs_whole_map(history, i, claims)) return true;
    }
    return false;
  }

  bool needs_search_of_some_keys(const History& history, const Claims& claims, std::uint32_t end) const {
    for (std::uint32_t i = 0; i < end; ++i) {
      if (is_atomic_bound(history, i, claims) || is_together(history, i, claims)) return true;
    }
    return false;
  }

  /// The first key whose calls are illegal; key_count() if there is none. Notes in `bounded` a search that was cut.
  std::size_t illegal_key(bool& bounded) {
    for (std::size_t key = 0; key < keys.key_count(); ++key) {
      const Verdict verdict = checker.check(keys.ops(), keys.ops_of(key));
      if (verdict == Verdict::illegal) return key;
      if (verdict == Verdict::undecided) bounded = true;
    }
    return keys.key_count();
  }
};

HistoryOracles::HistoryOracles() : scratch_(std::make_unique<Scratch>()) {}
HistoryOracles::~HistoryOracles() = default;
HistoryOracles::HistoryOracles(HistoryOracles&&) noexcept = default;
HistoryOracles& HistoryOracles::operator=(HistoryOracles&&) noexcept = default;

std::uint64_t HistoryOracles::undecided() const {
  return scratch_->undecided;
}

std::optional<Violation> HistoryOracles::check(const Program&, const History& recorded, const Claims& claimed) {
  MQ_ASSERT(recorded.quiescent_from <= recorded.calls.size());
  const History& history = join_cursors(recorded, scratch_->joined) ? scratch_->joined : recorded;
  const Claims claims = applicable(claimed, history);
  if (std::optional<Violation> found = check_call_status(history, claims)) return found;
  if (claims.on_bad_alloc == ExceptionGuarantee::none && std::ranges::any_of(history.calls, threw)) return std::nullopt;

  Scratch& s = *scratch_;
  s.overlaps.build(history);
  s.keys.build(history, claims, s.overlaps);
  // Asked first because it tells whether final calls can be left out of the search; its violation ranks fourth.
  std::optional<Violation> disagreement = s.quiescence.check(history, claims, s.keys);
  const auto end = s.quiescence.settled() ? history.quiescent_from : static_cast<std::uint32_t>(history.calls.size());
  Verdict map_verdict = Verdict::undecided;
  const bool whole_map = s.needs_map_search(history, claims, end);
  if (whole_map) {
    list_map_ops(history, claims, s.overlaps, s.keys, s.map_ops);
    map_verdict = s.checker.check(s.map_ops, history, s.keys);
  }
  bool bounded = whole_map && map_verdict == Verdict::undecided;
  if (map_verdict != Verdict::legal) {  // an order of the whole map's calls would order each key's
    const std::size_t key = s.illegal_key(bounded);
    if (key < s.keys.key_count()) return diagnose_key(history, s.keys, key, s.checker);
  }
  if (expires(claimed.retention) && claims.linearizable) {
    if (std::optional<Violation> found = check_expiry(history, claimed, s.keys)) return found;
  }
  if (std::optional<Violation> found = s.iteration.check(history, claims, s.keys, s.overlaps)) return found;
  if (disagreement) return disagreement;
  if (std::optional<Violation> found = check_copies(history, claims)) return found;
  if (!whole_map && s.needs_search_of_some_keys(history, claims, end)) {
    list_map_ops(history, claims, s.overlaps, s.keys, s.map_ops);
    keep_what_some_keys_concern(history, s.keys, s.map_ops);
    map_verdict = s.checker.check(s.map_ops, history, s.keys);
    bounded = bounded || map_verdict == Verdict::undecided;
  }
  if (map_verdict == Verdict::illegal) return diagnose_map(history, s.keys, s.map_ops, s.checker);
  const bool sizes_are_exact = claims.linearizable && claims.retention == Retention::keeps;
  if (!whole_map && claims.size == SizeClaim::quiescent && sizes_are_exact) {
    if (std::optional<Violation> found = s.sizes.check(history, end, s.keys, s.overlaps, s.checker)) return found;
  }
  if (bounded) ++s.undecided;
  return std::nullopt;
}

std::optional<Violation> check_history(const Program& program, const History& history, const Claims& claims) {
  // Scratch memory only: no answer depends on what an earlier one left there.
  static thread_local HistoryOracles oracles;
  return oracles.check(program, history, claims);
}

}  // namespace mapquake
