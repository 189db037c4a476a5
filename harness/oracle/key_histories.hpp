// The history, taken apart by key. Linearizability is local (Herlihy & Wing 1990, theorem 1): a history is
// linearizable exactly if its restriction to each object is, and the keys of a map are objects of their own as long
// as no operation needs several of them at one instant (P-compositionality: Horn & Kroening 2015, section 4).
//
// Operations on the whole map are taken apart as well, to what they say of each single key:
//   clear      erases every key, with no answer; under WholeMap::per_key perhaps once more for each call that adds the
//              key meanwhile;
//   erase_if   takes each entry that it visited and erased; of keys that it did not visit it says nothing; where its
//              visits are not judged (judgement.hpp) it may have erased any key of its parity;
//   insert_range   adds each of its keys, with no answer;
//   find_all   looks up each of its keys;
//   transact   overwrites, adds or erases each of its keys, with no answer, if it did anything (judgement.hpp);
//   iterate, copy, size, reserve, …   say nothing here (the iteration and whole-map oracles judge them).
//
// Of a map that lags (Claims::linearizable false), writes lose their answers, and look-ups before quiescence may come
// earlier than they were called: what is left is right exactly if the map is right at rest, by one order of the writes
// to each key. Of a map that forgets (Retention), entries may vanish (KeyOp::may_vanish).
// Under WholeMap::per_key that is all they claim; under WholeMap::linearizable it is a necessary condition.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/specification.hpp"
#include "harness/oracle/overlap.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake {

/// Keeps its memory from history to history. Cost of build: O(calls + visits + keys · clears), about 15 ns a call.
class KeyHistories {
 public:
  void build(const History& history, const Claims& claims, const Overlaps& overlaps);

  /// Every key that an operation named or a traversal reported; dense indexes in order of first mention.
  std::size_t key_count() const { return keys_.size(); }
  std::int64_t key(std::size_t index) const { return keys_[index]; }
  /// Index of the key that entry `visit` of History::visits reported.
  std::uint32_t key_of_visit(std::size_t visit) const { return visit_keys_[visit]; }

  /// All operations of all keys, ordered by `invoked`; those of one call follow each other.
  std::span<const KeyOp> ops() const { return ops_; }
  std::uint32_t key_of_op(std::size_t op) const { return op_keys_[op]; }
  /// Indexes into ops() of the operations of one key, ascending.
  std::span<const std::uint32_t> ops_of(std::size_t key) const {
    return std::span(order_).subspan(begins_[key], begins_[key + 1] - begins_[key]);
  }
  /// For each of ops_of(key): when the last of the key's operations up to this one has returned.
  std::span<const std::uint32_t> latest_returns_of(std::size_t key) const {
    return std::span(latest_returns_).subspan(begins_[key], begins_[key + 1] - begins_[key]);
  }

 private:
  struct Slot {
    std::int64_t key = 0;
    std::uint32_t index = 0;
    std::uint32_t generation = 0;
  };

  std::uint32_t index_of(std::int64_t key);
  void grow_table();
  void emit(std::uint32_t key, const KeyOp& op);
  void emit_lagging(std::uint32_t key, const KeyOp& op);
  void emit_insert_range(const Call& call, const KeyOp& base, const Claims& claims);
  void emit_find_all(const History& history, const Call& call, const KeyOp& base);
  void emit_transaction(const Call& call, const KeyOp& base, const Claims& claims);
  void emit_merge(const History& history, const Call& call, const KeyOp& base, const Claims& claims);
  void emit_clear(const History& history, const Call& call, const KeyOp& base, const Claims& claims);
  void emit_erase_if(const History& history, const Call& call, const KeyOp& base, const Claims& claims, bool judged);
  void group();
  void let_look_ups_lag(const History& history, const Claims& claims);

  bool lags_ = false;
  bool forgets_ = false;
  std::vector<std::int64_t> keys_;
  std::vector<std::uint32_t> visit_keys_;
  std::vector<std::uint32_t> call_keys_;
  std::vector<KeyOp> ops_;
  std::vector<std::uint32_t> op_keys_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> latest_returns_;  ///< parallel to order_
  std::vector<std::uint32_t> begins_;
  // Invariant: slots of the current generation are the keys; the size is a power of two, at most half full.
  std::vector<Slot> table_;
  std::uint32_t generation_ = 0;
};

}  // namespace mapquake
