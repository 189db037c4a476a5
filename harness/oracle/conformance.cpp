#include "harness/oracle/conformance.hpp"

#include "harness/history/symptom.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace mapquake {
namespace {

/// A claim that promises less. `stated` is how an adapter writes it.
struct Weaker {
  std::string_view stated;
  void (*apply)(Claims& claims);
};

// The ones that give up least come first.
constexpr std::array weaker_claims{
    Weaker{".size = SizeClaim::none", [](Claims& c) { c.size = SizeClaim::none; }},
    Weaker{".iteration = Iteration::none", [](Claims& c) { c.iteration = Iteration::none; }},
    Weaker{".retention = Retention::evicts", [](Claims& c) { c.retention = Retention::evicts; }},
    Weaker{".linearizable = false, .may_miss = Missed::others_writes",
           [](Claims& c) {
             c.linearizable = false;
             c.may_miss = Missed::others_writes;
           }},
    Weaker{".linearizable = false",
           [](Claims& c) {
             c.linearizable = false;
             c.may_miss = Missed::any_writes;
           }},
    Weaker{".linearizable = false, .retention = Retention::evicts",
           [](Claims& c) {
             c.linearizable = false;
             c.retention = Retention::evicts;
           }},
    Weaker{".capacity = 0", [](Claims& c) { c.capacity = 0; }},
};

/// A map that promises everything but what this one gives up.
Claims all_but(const Weaker& weaker) {
  Claims claims;
  weaker.apply(claims);
  return claims;
}

/// The traversal whose visitor called the map, where the finding is about one.
std::optional<OpKind> visit_that_calls(const Violation& found, const History& history) {
  for (const std::uint32_t call : found.calls) {
    if (calls_within(history.calls[call].operation.kind)) return history.calls[call].operation.kind;
  }
  return std::nullopt;
}

/// Does a look-up from `begin` on find the key before anything else adds it?
bool comes_back(const History& history, std::uint32_t begin, std::int64_t key) {
  for (std::uint32_t i = begin; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    if (!names_key(call.operation.kind) || call.operation.key != key || call.status != CallStatus::returned) continue;
    if (adds_entry(call.operation.kind)) return false;
    const Answers answers = answers_of(call);
    if ((answers == Answers::flag && call.flag) || (answers == Answers::value && call.has_value)) return true;
  }
  return false;
}

/// An earlier state explains the answer of a look-up. Of neighbours, sizes, times and traversals a map that lags
/// promises too little for its claim to explain anything.
bool is_of_look_ups(const Violation& found, const History& history) {
  constexpr std::array others{Symptom::wrong_neighbour, Symptom::wrong_size, Symptom::expired_early,
                              Symptom::expired_late};
  return found.outcome == Outcome::not_linearizable &&
         std::ranges::none_of(others, [&](Symptom symptom) { return found.label == label_of(symptom); }) &&
         (found.calls.empty() || !is_write(history.calls[found.calls.back()].operation.kind));
}

/// Of a map that states no bound, this looks like making room for others: what went away had come before all that
/// stayed.
bool was_the_oldest(std::uint32_t added, const History& history) {
  const Operation& lost = history.calls[added].operation;
  return std::none_of(history.calls.begin(), history.calls.begin() + added, [&](const Call& call) {
    return adds_entry(call.operation.kind) && call.operation.key != lost.key &&
           comes_back(history, added + 1, call.operation.key);
  });
}

/// May the entry have had to make room for another one?
bool may_have_gone(const Violation& found, const History& history, const Claims& claims) {
  if (found.calls.empty()) return true;
  const Operation& lost = history.calls[found.calls.front()].operation;
  if (!names_key(lost.kind)) return true;
  const auto later = history.calls.begin() + found.calls.front() + 1;
  const bool others_came = std::any_of(later, history.calls.end(), [&](const Call& call) {
    return adds_entry(call.operation.kind) && call.operation.key != lost.key;
  });
  const bool is_bounded = claims.retention != Retention::keeps || claims.capacity != 0;
  if (!others_came || (!is_bounded && !was_the_oldest(found.calls.front(), history))) return false;
  // Where the last call has added it, it is there again of course.
  const Operation& last = history.calls[found.calls.back()].operation;
  const bool added_again = found.calls.size() > 1 && adds_entry(last.kind) && last.key == lost.key;
  return added_again || !comes_back(history, found.calls.back() + 1, lost.key);
}

}  // namespace

reason::ClaimInDoubt claim_in_doubt(const Violation& found, const Program& program, const History& history,
                                    const Claims& claims, bool own_threads, HistoryOracles& oracles) {
  reason::ClaimInDoubt doubt{.own_threads = own_threads, .some_claim_explains = false};
  for (const Weaker& weaker : weaker_claims) {
    Claims other = claims;
    weaker.apply(other);
    if (oracles.check(program, history, other)) continue;
    doubt.some_claim_explains = true;
    const Claims left = all_but(weaker);
    if (!left.linearizable && !is_of_look_ups(found, history)) continue;
    if (left.retention != Retention::keeps && !may_have_gone(found, history, claims)) continue;
    // A traversal that is wrong while nobody else runs would be excused by that, not explained.
    if (left.iteration == Iteration::none) {
      const std::optional<OpKind> visit = visit_that_calls(found, history);
      if (!visit) continue;
      const bool inserts = *visit == OpKind::iterate_inserting;
      doubt.right_under = std::string_view(inserts ? "visits_may_call without OpKind::insert"
                                                   : "visits_may_call without OpKind::erase");
      break;
    }
    doubt.right_under = weaker.stated;
    break;
  }
  return doubt;
}

}  // namespace mapquake
