#include "harness/oracle/quiescence.hpp"

#include "harness/history/symptom.hpp"

#include <algorithm>
#include <utility>

namespace mapquake {
namespace {

/// Do only look-ups run from `quiescent_from` on, all of which returned, and nothing from before beside them?
bool is_quiescent(const History& history) {
  if (history.quiescent_from >= history.calls.size()) return false;
  const std::uint32_t since = history.calls[history.quiescent_from].invoked;
  for (std::size_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    if (i < history.quiescent_from ? call.returned > since
                                   : call.status != CallStatus::returned || is_write(call.operation.kind)) {
      return false;
    }
  }
  return true;
}

Violation broken(Symptom symptom, const AnswerReason& reason, std::vector<std::uint32_t> calls) {
  std::ranges::sort(calls);
  return {Outcome::invariant_broken, label_of(symptom), {reason}, std::move(calls)};
}

}  // namespace

std::optional<Violation> QuiescenceOracle::check(const History& history, const Claims& claims,
                                                 const KeyHistories& keys) {
  settled_ = false;
  if (!is_quiescent(history) || !collect(history, keys)) return std::nullopt;
  settled_ = looked_up_ == keys.key_count();
  std::optional<std::uint32_t> size_call;
  std::optional<std::uint32_t> traversal;
  for (std::uint32_t i = history.quiescent_from; i < history.calls.size(); ++i) {
    const OpKind kind = history.calls[i].operation.kind;
    if (kind == OpKind::size && claims.size != SizeClaim::none) size_call = i;
    if (kind == OpKind::copy || (kind == OpKind::iterate && claims.iteration != Iteration::none)) traversal = i;
  }
  if (std::optional<Violation> violation = check_capacity(history, claims, size_call)) return violation;
  if (size_call && settled_) {
    if (std::optional<Violation> violation = check_size(history, *size_call)) return violation;
  }
  if (traversal) {
    if (std::optional<Violation> violation = check_traversal(history, *traversal, keys)) return violation;
  }
  if (size_call && traversal && looked_up_ == 0) {
    const auto visited = static_cast<std::uint64_t>(std::ranges::count_if(found_, &Found::visited));
    const std::uint64_t size = history.calls[*size_call].count;
    if (size != visited) {
      return broken(Symptom::size_against_iteration,
                    reason::SizeAgainstIteration{CallRef{*traversal}, CallRef{*size_call}, visited},
                    {*size_call, *traversal});
    }
  }
  return std::nullopt;
}

/// False if two look-ups of one key disagree: then linearizability tells more.
bool QuiescenceOracle::collect(const History& history, const KeyHistories& keys) {
  found_.assign(keys.key_count(), Found{});
  present_ = looked_up_ = 0;
  for (std::size_t key = 0; key < keys.key_count(); ++key) {
    Found& found = found_[key];
    const auto order = keys.ops_of(key);
    for (std::size_t i = order.size(); i-- > 0;) {
      const KeyOp& op = keys.ops()[order[i]];
      if (op.call < history.quiescent_from) break;
      const Presence presence = op.answer == Answer::yes ? Presence::present : Presence::absent;
      if (found.presence != Presence::unknown && found.presence != presence) return false;
      found.presence = presence;
      found.call = op.call;
      if (op.action == Action::find && op.answer == Answer::yes) {
        found.value_known = true;
        found.value = op.value;
      }
    }
    if (found.presence != Presence::unknown) ++looked_up_;
    if (found.presence == Presence::present) ++present_;
  }
  return true;
}

std::optional<Violation> QuiescenceOracle::check_capacity(const History& history, const Claims& claims,
                                                          std::optional<std::uint32_t> size_call) const {
  if (claims.capacity == 0) return std::nullopt;
  constexpr Symptom symptom = Symptom::over_capacity;
  if (present_ > claims.capacity) {
    std::vector<std::uint32_t> calls;
    for (const Found& found : found_) {
      if (found.presence == Presence::present) calls.push_back(found.call);
    }
    return broken(symptom, reason::OverCapacity{.found = present_, .capacity = claims.capacity}, std::move(calls));
  }
  if (size_call && history.calls[*size_call].count > claims.capacity) {
    return broken(symptom, reason::OverCapacity{.size = CallRef{*size_call}, .capacity = claims.capacity},
                  {*size_call});
  }
  return std::nullopt;
}

std::optional<Violation> QuiescenceOracle::check_size(const History& history, std::uint32_t size_call) const {
  if (history.calls[size_call].count == present_) return std::nullopt;
  std::vector<std::uint32_t> calls{size_call};
  for (const Found& found : found_) calls.push_back(found.call);
  return broken(Symptom::size_against_look_ups, reason::SizeAgainstLookUps{CallRef{size_call}, present_},
                std::move(calls));
}

std::optional<Violation> QuiescenceOracle::check_traversal(const History& history, std::uint32_t traversal,
                                                           const KeyHistories& keys) {
  constexpr Symptom symptom = Symptom::iteration_against_look_ups;
  const Call& call = history.calls[traversal];
  for (std::uint32_t v = call.visits_begin; v < call.visits_end; ++v) {
    const Visit& visit = history.visits[v];
    Found& found = found_[keys.key_of_visit(v)];
    found.visited = true;
    const bool other_value = found.value_known && found.value != visit.value;
    if (found.presence != Presence::absent && !other_value) continue;
    return broken(symptom, reason::VisitAgainstLookUp{CallRef{traversal}, CallRef{found.call}, visit.key, visit.value},
                  {found.call, traversal});
  }
  for (std::size_t key = 0; key < found_.size(); ++key) {
    const Found& found = found_[key];
    if (found.presence != Presence::present || found.visited) continue;
    return broken(symptom, reason::LookUpAgainstTraversal{CallRef{found.call}, CallRef{traversal}, keys.key(key)},
                  {found.call, traversal});
  }
  return std::nullopt;
}

}  // namespace mapquake
