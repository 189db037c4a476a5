// The sentences of what a history shows: one for each struct of answer_reason.hpp.
#include "harness/base/assert.hpp"
#include "harness/history/figures.hpp"
#include "harness/history/phrases.hpp"
#include "harness/history/reason_words.hpp"

#include <fmt/format.h>

namespace mapquake {
namespace {

std::string keys_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " key" : " keys");
}

std::string in_ms(std::uint64_t ms) {
  return std::to_string(ms) + " ms";
}

bool makes_map(OpKind kind) {
  return kind == OpKind::copy || kind == OpKind::move;
}

/// "took 412 steps", "made 3 allocations", …
std::string used_text(Figure figure, std::uint64_t value) {
  const char* const plural = value == 1 ? "" : "s";
  switch (figure) {
    case Figure::steps:
      return fmt::format("took {} step{}", value, plural);
    case Figure::latency_ns:
      return fmt::format("took {} ns of virtual time", value);
    case Figure::allocations:
      return fmt::format("made {} allocation{}", value, plural);
    case Figure::allocated_bytes:
      return fmt::format("allocated {} byte{}", value, plural);
    case Figure::copied_bytes:
      return fmt::format("copied {} byte{} in blocks", value, plural);
    case Figure::lock_steps:
      return fmt::format("spent {} step{} with a lock held", value, plural);
    case Figure::waits:
      return fmt::format("waited {} time{} for other threads", value, plural);
    case Figure::live_bytes:
      break;
  }
  return fmt::format("held {} bytes", value);
}

std::string allowed_text(const Budget& budget) {
  return fmt::format("; the budget {} allows {}.", subject_of(budget), budget.limit);
}

class AnswerWords {
 public:
  explicit AnswerWords(const History& history) : history_(history) {}

  std::string operator()(const reason::LostKey& r) const {
    return told(r.present) + " and nothing erased " + std::to_string(r.key) + after_that(r.erased_before) +
           ", so it must be there; " + told(r.culprit) + ".";
  }
  std::string operator()(const reason::DuplicateInsert& r) const {
    return both(r.one, r.other) + ", and nothing erased " + std::to_string(r.key) + " in between.";
  }
  std::string operator()(const reason::DoubleErase& r) const {
    return both(r.one, r.other) + ", and nothing inserted " + std::to_string(r.key) + " in between.";
  }
  std::string operator()(const reason::UpdateOverwritten& r) const {
    return both(r.one, r.other) + ", so one of them overwrote what the other had added.";
  }
  std::string operator()(const reason::ResurrectedKey& r) const {
    return told(r.absent) + " and nothing inserted " + std::to_string(r.key) + " after that, so it must be gone; " +
           told(r.culprit) + ".";
  }
  std::string operator()(const reason::PhantomKey& r) const {
    return "nothing ever inserted " + std::to_string(r.key) + ", yet " + told(r.culprit) + ".";
  }
  std::string operator()(const reason::UnwrittenValue& r) const {
    const std::string whose =
        r.key_of_value ? ", which is the value of " + std::to_string(*r.key_of_value) : std::string();
    return "nothing ever wrote " + std::to_string(r.value) + " to " + std::to_string(r.key) + ", yet " +
           told(r.culprit) + whose + ".";
  }
  std::string operator()(const reason::OldValue& r) const {
    return told(r.holds) + ", so " + std::to_string(r.key) + " holds " + std::to_string(r.held) +
           ", and nothing wrote " + std::to_string(r.value) + after_that(r.written_before) + "; " + told(r.culprit) +
           ".";
  }
  std::string operator()(const reason::NoOrder& r) const {
    std::string text = "no order of the calls on key " + std::to_string(r.key) + " explains their answers: ";
    if (r.has_earlier) text += "… ";
    for (const reason::CallSoFar& before : r.before) {
      // A call that had not returned at the time is told as such, whatever it answered later.
      text += (before.pending ? who(before.call) + " was still going on" : told(before.call)) + ", ";
    }
    return text + "and then " + told(r.culprit) + ".";
  }

  std::string operator()(const reason::SizeOfNoInstant& r) const {
    return told(r.call) + ", but at no instant of that call can the map have held so many keys" + given(r.given);
  }
  std::string operator()(const reason::EntriesOfNoInstant& r) const {
    return told(r.call) + ", but at no instant of that call can the map have held just these entries" + given(r.given);
  }
  std::string operator()(const reason::NeighbourOfNoInstant& r) const {
    const Call& bound = history_.calls[r.call.index];
    const std::span<const Visit> found = history_.visits_of(bound);
    const std::string side = (bound.operation.kind == OpKind::lower_bound ? " at or above " : " above ") +
                             std::to_string(bound.operation.key);
    const std::string answer = found.empty() ? "" : std::to_string(found.front().key);
    std::string text = told(r.call) + ", but at no instant of that call can ";
    text += found.empty()
                ? "there have been no key"
                : answer + " with the value " + std::to_string(found.front().value) + " have been the first entry";
    text += side;
    if (r.left_out) {
      text += ", by what the calls on " + std::to_string(*r.left_out) + (found.empty() ? "" : " and " + answer) +
              " answered";
    }
    return text + " (a map that promises less claims Bounds::weakly_consistent)" + given(r.given);
  }
  std::string operator()(const reason::KeysOfNoInstant& r) const {
    const std::string what = is_transaction(kind_of(r.call)) ? "all of it have happened" : "all of this have been so";
    return told(r.call) + ", but at no instant of that call can " + what +
           " (a map that promises less claims SeveralKeys::per_key)" + given(r.given);
  }
  std::string operator()(const reason::FitsNoInstant& r) const {
    return "each key by itself is right, but no single instant for each call on the whole map explains all answers; "
           "the first that fits none: " +
           told(r.call) + given(r.given);
  }
  std::string operator()(const reason::SizeOutOfBounds& r) const {
    const std::string right =
        r.least == r.most ? std::to_string(r.least) : std::to_string(r.least) + " to " + std::to_string(r.most);
    return told(r.call) + ", but no write overlaps it, and the calls before it leave " + right +
           (r.most == 1 ? " key." : " keys.");
  }

  std::string operator()(const reason::VisitedOutOfOrder& r) const { return visited(r.visit, r.key) + "."; }
  std::string operator()(const reason::VisitedTwice& r) const { return visited(r.visit, r.key) + " twice."; }
  std::string operator()(const reason::VisitedPhantom& r) const {
    return visited(r.visit, r.key) + ", which nothing had inserted.";
  }
  std::string operator()(const reason::VisitedGone& r) const {
    return told(r.absent) + " and nothing inserted " + std::to_string(r.key) + " after that, yet " +
           visited(r.visit, r.key) + ".";
  }
  std::string operator()(const reason::VisitedUnwritten& r) const {
    return visited(r.visit, r.key) + " with the value " + std::to_string(r.value) +
           ", which nothing had written to it.";
  }
  std::string operator()(const reason::VisitedOld& r) const {
    const std::string value = std::to_string(r.value);
    return told(r.other) + " and nothing wrote " + value + " to " + std::to_string(r.key) + " after that, yet " +
           visited(r.visit, r.key) + " with the value " + value + ".";
  }
  std::string operator()(const reason::Missed& r) const {
    const std::string text = told(r.present) + " and nothing erased " + std::to_string(r.key);
    if (is_bound(kind_of(r.traversal))) return text + " after that, yet " + told(r.traversal) + ".";
    return text + " before the traversal ended; " + who(r.traversal) + " left it out.";
  }

  std::string operator()(const reason::ExpiredLate& r) const {
    return told(r.look_up) + ", but for " + in_ms(r.age_ms) + " nothing has renewed " + std::to_string(r.key) +
           ": it lives for " + in_ms(r.ttl_ms) + ".";
  }
  std::string operator()(const reason::ExpiredEarly& r) const {
    return told(r.renewing) + " less than " + in_ms(r.age_ms) + " earlier and nothing erased " + std::to_string(r.key) +
           ", which lives for " + in_ms(r.ttl_ms) + "; but " + told(r.look_up) + ".";
  }

  std::string operator()(const reason::SizeAgainstIteration& r) const {
    return who(r.traversal) + " visits " + keys_text(r.visited) + ", but " + told(r.size) + ".";
  }
  std::string operator()(const reason::SizeAgainstLookUps& r) const {
    return "the final look-ups find " + keys_text(r.found) + ", but " + told(r.size) + ".";
  }
  std::string operator()(const reason::VisitAgainstLookUp& r) const {
    return who(r.traversal) + " visits the key " + std::to_string(r.key) + " with the value " +
           std::to_string(r.value) + ", but " + told(r.look_up) + ".";
  }
  std::string operator()(const reason::LookUpAgainstTraversal& r) const {
    return told(r.look_up) + ", but " + who(r.traversal) + " left the key " + std::to_string(r.key) + " out.";
  }
  std::string operator()(const reason::OverCapacity& r) const {
    return (r.size ? told(*r.size) : "the final look-ups find " + keys_text(r.found)) +
           ", but at rest the map holds at most " + std::to_string(r.capacity) + ".";
  }
  std::string operator()(const reason::CopySizeAgainstEntries& r) const {
    const Call& call = history_.calls[r.call.index];
    const std::size_t entries = history_.visits_of(call).size();
    return made_or_left(r.call) + " of " + std::to_string(entries) + (entries == 1 ? " entry" : " entries") +
           ", whose size() says " + std::to_string(call.count) + ".";
  }
  std::string operator()(const reason::CopyLookUpAgainstEntries& r) const {
    const std::string key = std::to_string(history_.calls[r.call.index].value);
    return made_or_left(r.call) + " that has the key " + key + ", but does not answer its entry to a look-up of " +
           key + ".";
  }

  std::string operator()(const reason::TornValue& r) const {
    return who(r.call) + " came back with a value that nobody ever wrote.";
  }
  std::string operator()(const reason::CallThrew& r) const {
    return who(r.call) + " threw " + (r.what.empty() ? "an exception" : std::string(r.what)) + ".";
  }
  std::string operator()(const reason::RefusedClaimed& r) const {
    return who(r.call) + " was refused, but nothing ran that the map does not claim to serve together with it.";
  }
  std::string operator()(const reason::OverBudget& r) const {
    const std::string used = used_text(r.budget.figure, r.used);
    if (r.budget.statistic == Statistic::total && r.calls != 1) {
      return fmt::format("The {} calls of {} together {}{}", r.calls, name_of(r.operation), used,
                         allowed_text(r.budget));
    }
    std::string text = fmt::format("{} {}", who(r.call), used);
    const bool is_percentile = r.budget.statistic != Statistic::max && r.budget.statistic != Statistic::total;
    if (is_percentile && r.calls > 1) {
      text += fmt::format(", the {}th percentile of {} calls of {}", percent_of(r.budget.statistic), r.calls,
                          name_of(r.operation));
    }
    return text + allowed_text(r.budget);
  }
  std::string operator()(const reason::OverLiveBytes& r) const {
    return fmt::format("After all threads had ended, the map held {} bytes{}", r.bytes, allowed_text(r.budget));
  }
  std::string operator()(const reason::AfterThrow& r) const { return "After " + told(r.call) + ": "; }
  std::string operator()(const reason::ClaimInDoubt& r) const {
    const std::string text = r.own_threads ? " No two calls overlap here, so the map with its own threads, its adapter "
                                             "or a claim is wrong"
                                           : " One thread alone shows this, so the map, its adapter or a claim is "
                                             "wrong";
    if (!r.right_under.empty()) {
      return text + ": these answers, judged again, are right under " + std::string(r.right_under) +
             ", if the documentation says so.";
    }
    return text + (r.some_claim_explains ? "." : "; no weaker claim makes it right.");
  }

 private:
  std::string who(CallRef call) const { return subject(history_, call.index); }
  std::string told(CallRef call) const { return statement(history_, call.index); }
  OpKind kind_of(CallRef call) const { return history_.calls[call.index].operation.kind; }

  static std::string after_that(bool earlier) { return earlier ? " after that" : ""; }

  std::string both(CallRef first, CallRef second) const {
    const std::string one = predicate(history_, first.index);
    const std::string two = predicate(history_, second.index);
    if (one != two) return told(first) + " and " + told(second);
    return who(first) + " and " + who(second) + " both " + one;
  }
  std::string given(std::optional<CallRef> call) const {
    return call ? ", given that " + told(*call) + "." : std::string(".");
  }
  std::string visited(CallRef traversal, std::int64_t key) const {
    return who(traversal) + (is_bound(kind_of(traversal)) ? " found the key " : " visited the key ") +
           std::to_string(key);
  }
  std::string made_or_left(CallRef call) const {
    return who(call) + (makes_map(kind_of(call)) ? " made a map" : " left the other map");
  }

  const History& history_;
};

}  // namespace

std::string in_words(const AnswerReason& reason, const History& history) {
  return capitalised(std::visit(AnswerWords(history), reason));
}

}  // namespace mapquake
