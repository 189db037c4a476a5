// The sequential specification of a whole map, for histories in which some operation needs all keys at one instant.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/specification.hpp"
#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/memo.hpp"
#include "harness/oracle/overlap.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake {

/// One call on the map; `key_op` gives its interval, and for `point` all the rest.
struct MapOp {
  enum class Kind : std::uint8_t {
    point,         ///< on one key
    size,          ///< `count` keys are present
    clear,         ///< all keys go
    erase_parity,  ///< the keys of one parity go; `visits` tells them all, with their values
    exact,         ///< `visits` is the map
    bound,         ///< `visits` is the first entry on the side that the call asked for, or there is none
    find_all,      ///< what its calls on keys say, all at one instant
    transaction,   ///< the same
  } kind = Kind::point;
  KeyOp key_op;
  bool answered = true;   ///< false: what it visited is not known (it has not returned)
  std::uint32_t key = 0;  ///< point: the key's index; erase_parity: the parity
  std::uint64_t count = 0;
  std::uint32_t visits_begin = 0;
  std::uint32_t visits_end = 0;
  std::uint32_t ops_begin = 0;  ///< find_all, transaction: slice of KeyHistories::ops()
  std::uint32_t ops_end = 0;
};

/// Is this a call that one instant must explain, at which it saw or changed all keys? So are sizes that are claimed
/// exact (for a quiescent claim: that no write overlaps), snapshots, bounds under Bounds::linearizable, and clear,
/// erase_if and copy under WholeMap::linearizable, find_all and transactions under SeveralKeys::linearizable. Only
/// calls that returned, and transactions that did not.
bool is_whole(const History& history, std::uint32_t call, const Claims& claims, const Overlaps& overlaps);

/// As is_whole, except for sizes under a quiescent claim, which need no search of their own (size_bounds.hpp), and
/// bounds, find_all and transactions, which need one of the keys that they concern only.
bool needs_whole_map(const History& history, std::uint32_t call, const Claims& claims);
bool is_atomic_bound(const History& history, std::uint32_t call, const Claims& claims);
/// A find_all or transaction to which this applies.
bool is_together(const History& history, std::uint32_t call, const Claims& claims);

/// The calls of the history as operations on the whole map, ordered by invocation, into `ops`. Calls that
/// are not whole are taken apart by key.
void list_map_ops(const History& history, const Claims& claims, const Overlaps& overlaps, const KeyHistories& keys,
                  std::vector<MapOp>& ops);

/// Leaves what is claimed to see or change some keys at one instant, and the calls on those keys. The keys of a map
/// being objects of their own, these can be ordered exactly if they and all calls on keys can, provided that each key's
/// are legal.
void keep_what_some_keys_concern(const History& history, const KeyHistories& keys, std::vector<MapOp>& ops);

/// A Model for WingGong.
class MapModel {
 public:
  using Saved = std::size_t;

  /// All arguments must outlive the search.
  void reset(std::span<const MapOp> ops, const History& history, const KeyHistories& keys);

  std::uint32_t size() const { return static_cast<std::uint32_t>(ops_.size()); }
  const KeyOp& op(std::uint32_t i) const { return ops_[i].key_op; }
  ModelEffect attempt(std::uint32_t i, std::uint8_t alternative);
  bool readable(std::uint32_t i) const;
  Saved save() const { return undo_.size(); }
  void restore(Saved saved);
  Fingerprint fingerprint() const { return fingerprint_; }

 private:
  struct Undo {
    std::uint32_t key;
    KeyState before;
  };

  bool matches(const MapOp& op) const;
  bool visits_match(const MapOp& op) const;
  bool bound_matches(const MapOp& op) const;
  bool found_match(const MapOp& op) const;
  ModelEffect write_together(const MapOp& op);
  void set(std::uint32_t key, KeyState state);

  std::span<const MapOp> ops_;
  const History* history_ = nullptr;
  const KeyHistories* keys_ = nullptr;
  // Invariants: 1. present_ counts the present states. 2. fingerprint_ is the xor of the codes of the present ones.
  // 3. undo_ holds what was overwritten, oldest first.
  std::vector<KeyState> states_;
  std::uint64_t present_ = 0;
  Fingerprint fingerprint_;
  std::vector<Undo> undo_;
  mutable std::vector<std::uint32_t> seen_;  // per key: the stamp of the visit list that named it last
  mutable std::uint32_t stamp_ = 0;
};

}  // namespace mapquake
