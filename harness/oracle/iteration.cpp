#include "harness/oracle/iteration.hpp"

#include "harness/history/symptom.hpp"
#include "harness/oracle/judgement.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

/// The calls on one key around a traversal. Cost of each question: the calls on the key that overlap, and those since
/// the one that answers it; not all that went before.
class Surroundings {
 public:
  Surroundings(const History& history, std::uint32_t traversal, const KeyHistories& keys, std::uint32_t key)
      : keys_(keys), traversal_(traversal), call_(history.calls[traversal]) {
    const auto order = keys.ops_of(key);
    // Those that began before it ended.
    const auto end = std::ranges::lower_bound(order, call_.returned, std::less<>{},
                                              [&](std::uint32_t i) { return keys.ops()[i].invoked; });
    order_ = order.first(static_cast<std::size_t>(end - order.begin()));
    latest_returns_ = keys.latest_returns_of(key);
    last_ = order.empty() ? nullptr : &keys.ops()[order.back()];
  }

  /// A call that had returned before the traversal began, after which the key was surely present, with none since that
  /// could have removed it. Null if there is no such call.
  const KeyOp* present_throughout() const {
    return settled(may_remove, [](const KeyOp& op) { return aftermath(op).presence == Aftermath::present; });
  }
  /// The same for absence. Null as well where the key was never there at all; that is what `ever_created` asks.
  const KeyOp* absent_throughout() const {
    return settled(may_create, [](const KeyOp& op) { return aftermath(op).presence == Aftermath::absent; });
  }
  /// Both at quiescence: did the last look-up find just this value? Then nothing else need be asked.
  bool looked_up(std::int64_t value, std::uint32_t quiescent_from) const {
    if (last_ == nullptr || last_->call < quiescent_from || last_->returned > call_.invoked) return false;
    const Aftermath left = aftermath(*last_);
    return left.value_known && left.value == value;
  }
  bool ever_created() const {
    return std::ranges::any_of(order_, [this](std::uint32_t i) { return relevant(i) && may_create(keys_.ops()[i]); });
  }
  /// How often the key may have gone and come back while the traversal ran. An erase_if may take it away by itself, and
  /// a map that forgets, too.
  std::ptrdiff_t comebacks(bool forgets) const {
    const auto during = [this](bool (*may)(const KeyOp&)) {
      return std::ranges::count_if(order_, [&](std::uint32_t i) {
        return relevant(i) && keys_.ops()[i].returned > call_.invoked && may(keys_.ops()[i]);
      });
    };
    const std::ptrdiff_t created = during(may_create);
    return forgets || call_.operation.kind == OpKind::erase_if ? created : std::min(created, during(may_remove));
  }
  /// A call after which the value was surely another one, with none since that could have written this one.
  const KeyOp* other_value_throughout(std::int64_t value) const {
    return settled([value](const KeyOp& op) { return may_write(op, value); },
                   [value](const KeyOp& op) {
                     const Aftermath left = aftermath(op);
                     return left.presence == Aftermath::absent || (left.value_known && left.value != value);
                   });
  }
  bool ever_written(std::int64_t value) const {
    return std::ranges::any_of(order_.rbegin(), order_.rend(), [this, value](std::uint32_t i) {
      return relevant(i) && may_write(keys_.ops()[i], value);
    });
  }

 private:
  /// Not the traversal itself: erase_if is an operation on keys, too. But what a visitor called happened in between.
  bool relevant(std::uint32_t i) const {
    return keys_.ops()[i].call != traversal_ || calls_within(call_.operation.kind);
  }

  /// The last call before the traversal that `settles`, provided that nothing that `disturbs` was going on after it
  /// began, up to the end of the traversal.
  template <class Disturbs, class Settles>
  const KeyOp* settled(Disturbs disturbs, Settles settles) const {
    for (std::size_t i = order_.size(); i-- > 0;) {
      const KeyOp& op = keys_.ops()[order_[i]];
      if (!relevant(order_[i])) continue;
      // What disturbs was going on after everything that began before it had begun.
      if (disturbs(op)) return nullptr;
      if (op.returned >= call_.invoked || !settles(op)) continue;
      return disturbed_since(op, i, disturbs) ? nullptr : &op;
    }
    return nullptr;
  }

  /// Of the first `count` calls, has one that disturbs returned after `op` began?
  template <class Disturbs>
  bool disturbed_since(const KeyOp& op, std::size_t count, Disturbs disturbs) const {
    for (std::size_t i = count; i-- > 0 && latest_returns_[i] > op.invoked;) {
      const KeyOp& other = keys_.ops()[order_[i]];
      if (relevant(order_[i]) && other.returned > op.invoked && disturbs(other)) return true;
    }
    return false;
  }

  const KeyHistories& keys_;
  std::span<const std::uint32_t> order_;  ///< those that began before the traversal ended
  std::span<const std::uint32_t> latest_returns_;
  const KeyOp* last_;  ///< of all
  std::uint32_t traversal_;
  const Call& call_;
};

/// Of the key that entry `visit` reports, in its traversal.
std::ptrdiff_t visits_until(std::uint32_t visit, const Call& call, const KeyHistories& keys) {
  std::ptrdiff_t count = 0;
  for (std::uint32_t v = call.visits_begin; v <= visit; ++v) count += keys.key_of_visit(v) == keys.key_of_visit(visit);
  return count;
}

/// Should the call have reported the key, had it been there?
bool asked_for(const History& history, const Call& call, std::int64_t key) {
  if (call.operation.kind == OpKind::erase_if) return ((key ^ call.operation.key) & 1) == 0;
  if (!is_bound(call.operation.kind)) return true;
  const std::span<const Visit> answer = history.visits_of(call);
  return in_range(call.operation, key) && (answer.empty() || key < answer.front().key);
}

/// A question for a neighbour is a look-up, and no iteration.
Symptom as_look_up(Symptom symptom) {
  switch (symptom) {
    case Symptom::phantom_key_visited:
      return Symptom::phantom_key;
    case Symptom::stale_value_visited:
      return Symptom::stale_value;
    default:
      return Symptom::wrong_neighbour;
  }
}

Violation broken(const Call& call, Symptom symptom, const AnswerReason& reason, std::vector<std::uint32_t> calls) {
  std::ranges::sort(calls);
  const bool bound = is_bound(call.operation.kind);
  return {bound ? Outcome::not_linearizable : Outcome::iteration_broken,
          label_of(bound ? as_look_up(symptom) : symptom),
          {reason},
          std::move(calls)};
}

}  // namespace

std::optional<Violation> IterationOracle::check(const History& history, const Claims& claims, const KeyHistories& keys,
                                                const Overlaps& overlaps) {
  seen_.assign(keys.key_count(), 0);
  stamp_ = 0;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    const bool reports = is_traversal(call.operation.kind) || is_bound(call.operation.kind);
    if (!reports || call.status != CallStatus::returned) continue;
    if (!traversal_judged(call, overlaps.with_write(history, i), claims)) continue;
    ++stamp_;
    if (std::optional<Violation> found = check_visits(history, i, claims, keys)) return found;
    if (call.operation.kind == OpKind::cursor_open && !call.flag) continue;  // it was given up before its end
    if (!claims.linearizable || claims.retention != Retention::keeps || i >= history.quiescent_from) continue;
    if (std::optional<Violation> found = check_missed(history, i, keys)) return found;
  }
  return std::nullopt;
}

std::optional<Violation> IterationOracle::check_visits(const History& history, std::uint32_t index,
                                                       const Claims& claims, const KeyHistories& keys) {
  const Call& call = history.calls[index];
  const CallRef self{index};
  for (std::uint32_t v = call.visits_begin; v < call.visits_end; ++v) {
    const Visit& visit = history.visits[v];
    const std::uint32_t key = keys.key_of_visit(v);
    const Surroundings around(history, index, keys, key);
    if (is_bound(call.operation.kind) && !in_range(call.operation, visit.key)) {
      return broken(call, Symptom::key_out_of_order, reason::VisitedOutOfOrder{self, visit.key}, {index});
    }
    if (!first_visit(key) &&
        visits_until(v, call, keys) > 1 + (claims.iteration == Iteration::snapshot
                                               ? 0
                                               : around.comebacks(claims.retention != Retention::keeps))) {
      return broken(call, Symptom::key_visited_twice, reason::VisitedTwice{self, visit.key}, {index});
    }
    if (around.looked_up(visit.value, history.quiescent_from)) continue;
    if (!around.ever_created()) {
      return broken(call, Symptom::phantom_key_visited, reason::VisitedPhantom{self, visit.key}, {index});
    }
    if (!claims.linearizable) continue;
    // Where the evidence is a final look-up, the quiescence oracle tells it better.
    const auto tell = [&](const KeyOp* evidence) {
      return evidence != nullptr && evidence->call < history.quiescent_from;
    };
    if (const KeyOp* gone = around.absent_throughout(); tell(gone)) {
      return broken(call, Symptom::phantom_key_visited, reason::VisitedGone{CallRef{gone->call}, self, visit.key},
                    {gone->call, index});
    }
    if (!around.ever_written(visit.value)) {
      return broken(call, Symptom::stale_value_visited, reason::VisitedUnwritten{self, visit.key, visit.value},
                    {index});
    }
    if (const KeyOp* other = around.other_value_throughout(visit.value); tell(other)) {
      return broken(call, Symptom::stale_value_visited,
                    reason::VisitedOld{CallRef{other->call}, self, visit.key, visit.value}, {other->call, index});
    }
  }
  return std::nullopt;
}

std::optional<Violation> IterationOracle::check_missed(const History& history, std::uint32_t index,
                                                       const KeyHistories& keys) const {
  const Call& call = history.calls[index];
  for (std::uint32_t key = 0; key < keys.key_count(); ++key) {
    if (seen_[key] == stamp_ || !asked_for(history, call, keys.key(key))) continue;
    const KeyOp* there = Surroundings(history, index, keys, key).present_throughout();
    if (there == nullptr) continue;
    return broken(call, Symptom::missed_key, reason::Missed{CallRef{there->call}, CallRef{index}, keys.key(key)},
                  {there->call, index});
  }
  return std::nullopt;
}

}  // namespace mapquake
