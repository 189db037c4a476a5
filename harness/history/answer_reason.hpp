// What a history shows by itself: the vocabulary of the oracles. See history/reason.hpp.
#pragma once

#include "harness/history/budget.hpp"
#include "harness/history/reason_parts.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace mapquake {

namespace reason {

// Answers that contradict each other: the calls on one key (oracle/evidence.cpp). `culprit` is the call whose answer no
// order explains, given what went before.

/// `present` left the key there, and nothing erased it since; `culprit` did not find it.
struct LostKey {
  CallRef present, culprit;
  std::int64_t key = 0;
  bool erased_before = false;  ///< some other call did, before `present`
};
/// Both created the key, and nothing erased it in between.
struct DuplicateInsert {
  CallRef one, other;
  std::int64_t key = 0;
};
/// Both removed the key, and nothing inserted it in between.
struct DoubleErase {
  CallRef one, other;
  std::int64_t key = 0;
};
/// Both updates started from one value.
struct UpdateOverwritten {
  CallRef one, other;
};
/// `absent` left the key gone, and nothing inserted it since; `culprit` found it.
struct ResurrectedKey {
  CallRef absent, culprit;
  std::int64_t key = 0;
};
/// Nothing ever inserted the key that `culprit` found.
struct PhantomKey {
  CallRef culprit;
  std::int64_t key = 0;
};
/// Nothing ever wrote the value that `culprit` found.
struct UnwrittenValue {
  CallRef culprit;
  std::int64_t key = 0, value = 0;
  std::optional<std::int64_t> key_of_value = {};  ///< another key, to which it was written
};
/// `holds` left the key with the value `held`, and nothing wrote `value` since; `culprit` found that.
struct OldValue {
  CallRef holds, culprit;
  std::int64_t key = 0, held = 0, value = 0;
  bool written_before = false;  ///< some other call wrote `value`, before `holds`
};
/// A call as it stood when the culprit returned.
struct CallSoFar {
  CallRef call;
  bool pending = false;  ///< whatever it answered later
};
inline constexpr std::size_t calls_listed_max = 8;  ///< a list of more helps nobody
/// The evidence is not of one piece: no order of the calls on the key explains their answers.
struct NoOrder {
  CallRef culprit;
  std::int64_t key = 0;
  BoundedList<CallSoFar, calls_listed_max> before = {};  ///< the latest
  bool has_earlier = false;                              ///< there are more in front
};

// Answers about the whole map (oracle/map_diagnosis.cpp). `given`: another call, but for whose answer it would do.

/// At no instant of the call can the map have held so many keys.
struct SizeOfNoInstant {
  CallRef call;
  std::optional<CallRef> given = {};
};
/// At no instant of the traversal can the map have held just these entries.
struct EntriesOfNoInstant {
  CallRef call;
  std::optional<CallRef> given = {};
};
/// At no instant of the bound can its answer have been the first entry there.
struct NeighbourOfNoInstant {
  CallRef call;
  std::optional<std::int64_t> left_out = {};  ///< a key between, by what the calls on it and on the answer say
  std::optional<CallRef> given = {};
};
/// At no instant of the find_all can all of its answers have been right, or all writes of the transaction have
/// happened.
struct KeysOfNoInstant {
  CallRef call;
  std::optional<CallRef> given = {};
};
/// Each key by itself is right, but no instants explain all; this call is the first that fits none.
struct FitsNoInstant {
  CallRef call;
  std::optional<CallRef> given = {};
};
/// A size() that no write overlaps; the calls before it leave `least` to `most` keys.
struct SizeOutOfBounds {
  CallRef call;
  std::uint64_t least = 0, most = 0;
};

// Traversals and bounds (oracle/iteration.cpp): `visit` met the key.

/// A bound answered a key on the other side of it.
struct VisitedOutOfOrder {
  CallRef visit;
  std::int64_t key = 0;
};
struct VisitedTwice {
  CallRef visit;
  std::int64_t key = 0;
};
/// Nothing had ever inserted the key.
struct VisitedPhantom {
  CallRef visit;
  std::int64_t key = 0;
};
/// `absent` left the key gone, and nothing inserted it since.
struct VisitedGone {
  CallRef absent, visit;
  std::int64_t key = 0;
};
/// With a value that nothing had written to the key.
struct VisitedUnwritten {
  CallRef visit;
  std::int64_t key = 0, value = 0;
};
/// `other` left another value there, and nothing wrote this one since.
struct VisitedOld {
  CallRef other, visit;
  std::int64_t key = 0, value = 0;
};
/// `present` left the key there, nothing erased it before `traversal` ended, and that left it out.
struct Missed {
  CallRef present, traversal;
  std::int64_t key = 0;
};

// Entries that expire (oracle/expiry.cpp).

/// `look_up` found the key, which nothing has renewed for so long.
struct ExpiredLate {
  CallRef look_up;
  std::int64_t key = 0;
  std::uint64_t age_ms = 0, ttl_ms = 0;
};
/// `look_up` did not find the key, which `renewing` gave its whole time less than so long ago.
struct ExpiredEarly {
  CallRef renewing, look_up;
  std::int64_t key = 0;
  std::uint64_t age_ms = 0, ttl_ms = 0;
};

// What is there once all threads have ended, and in copies (oracle/quiescence.cpp, copies.cpp).

/// A traversal and a size() count differently.
struct SizeAgainstIteration {
  CallRef traversal, size;
  std::uint64_t visited = 0;
};
/// The final look-ups and a size() count differently.
struct SizeAgainstLookUps {
  CallRef size;
  std::uint64_t found = 0;
};
/// The traversal met the key with a value against what the look-up says.
struct VisitAgainstLookUp {
  CallRef traversal, look_up;
  std::int64_t key = 0, value = 0;
};
/// The look-up found the key that the traversal left out.
struct LookUpAgainstTraversal {
  CallRef look_up, traversal;
  std::int64_t key = 0;
};
/// More than the capacity: so many final look-ups found their key, or a size() says so.
struct OverCapacity {
  std::uint64_t found = 0;  ///< where `size` is none
  std::optional<CallRef> size = {};
  std::uint64_t capacity = 0;
};
/// The map that the call made, or the other one that it left, says another size than that of its entries.
struct CopySizeAgainstEntries {
  CallRef call;
};
/// The same map does not find the key of an entry.
struct CopyLookUpAgainstEntries {
  CallRef call;
};

// How calls ended, and what they used (oracle/call_status.cpp, budgets.cpp, exception_guarantee.cpp).

/// A value that nobody ever wrote.
struct TornValue {
  CallRef call;
};
struct CallThrew {
  CallRef call;
  Text what = {};  ///< "std::out_of_range: map::at"; empty: nothing is known of it
};
/// Nothing ran that the map does not claim to serve together with it.
struct RefusedClaimed {
  CallRef call;
};
/// One call, or with Statistic::total all of them, used more than the budget allows.
struct OverBudget {
  Budget budget = {};
  OpKind operation = OpKind::insert;
  std::uint64_t used = 0;
  std::uint64_t calls = 0;  ///< of the operation
  CallRef call;             ///< which one; of a total: the first
};
/// What the map held after all threads had ended.
struct OverLiveBytes {
  Budget budget = {};
  std::uint64_t bytes = 0;
};
/// Opens: what follows came about after this call had thrown.
struct AfterThrow {
  CallRef call;
};
/// Adds to what one thread alone shows: the map, its adapter or a claim is wrong.
struct ClaimInDoubt {
  bool own_threads = false;         ///< the map has started some, which may have had a part in it
  bool some_claim_explains = true;  ///< if not even a weaker one does, it is the map or its adapter
  Name right_under = {};            ///< the claim that would be right, as an adapter states it; empty: none that fits
};

}  // namespace reason

/// What a history shows, by itself. A type of its own, so that no symbol spells them all.
struct AnswerReason
    : std::variant<reason::LostKey, reason::DuplicateInsert, reason::DoubleErase, reason::UpdateOverwritten,
                   reason::ResurrectedKey, reason::PhantomKey, reason::UnwrittenValue, reason::OldValue,
                   reason::NoOrder, reason::SizeOfNoInstant, reason::EntriesOfNoInstant, reason::NeighbourOfNoInstant,
                   reason::KeysOfNoInstant, reason::FitsNoInstant, reason::SizeOutOfBounds, reason::VisitedOutOfOrder,
                   reason::VisitedTwice, reason::VisitedPhantom, reason::VisitedGone, reason::VisitedUnwritten,
                   reason::VisitedOld, reason::Missed, reason::ExpiredLate, reason::ExpiredEarly,
                   reason::SizeAgainstIteration, reason::SizeAgainstLookUps, reason::VisitAgainstLookUp,
                   reason::LookUpAgainstTraversal, reason::OverCapacity, reason::CopySizeAgainstEntries,
                   reason::CopyLookUpAgainstEntries, reason::TornValue, reason::CallThrew, reason::RefusedClaimed,
                   reason::OverBudget, reason::OverLiveBytes, reason::AfterThrow, reason::ClaimInDoubt> {
  using variant::variant;
};

}  // namespace mapquake
