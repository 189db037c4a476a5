// The iteration contract.
//
// What a traversal (iterate, copy, move, and the visits of erase_if; a lower or upper bound traverses up to one entry)
// may report, if it is judged at all (judgement.hpp):
//   no key twice                   "key visited twice"; an erase_if may meet a key again that it erased and that was
//                                  inserted again meanwhile
//   no key that was certainly not there at any instant of the call           "phantom key visited"
//   no value that was certainly not the key's at any instant of the call     "stale value visited"
//   every key that was certainly there throughout the call                   "missed key"; of an erase_if, every such
//                                  key of its parity; of a bound, every such key before its answer
//   of a bound, no key on the other side of it                               "key out of order"
// "Certainly" is meant conservatively: it follows from calls that had returned before the traversal began and from the
// absence of calls that could have changed it since, never from the answers of calls that overlap. A snapshot must meet
// the same contract, and more (whole_map.hpp).
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/overlap.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake {

/// Keeps its memory from history to history. Cost: O(calls) for each traversal.
class IterationOracle {
 public:
  /// The first traversal by invocation that breaks the contract. What a traversal at quiescence misses, or reports
  /// against a final look-up, is left to the quiescence oracle (quiescence.hpp). Where the map does not claim
  /// linearizable look-ups, only keys visited twice and keys that nothing ever inserted count; where it may forget
  /// entries, none is missed.
  std::optional<Violation> check(const History& history, const Claims& claims, const KeyHistories& keys,
                                 const Overlaps& overlaps);

 private:
  std::optional<Violation> check_visits(const History& history, std::uint32_t call, const Claims& claims,
                                        const KeyHistories& keys);
  std::optional<Violation> check_missed(const History& history, std::uint32_t call, const KeyHistories& keys) const;
  bool first_visit(std::uint32_t key) { return seen_[key] != stamp_ ? (seen_[key] = stamp_, true) : false; }

  // Invariant: seen_[key] == stamp_ exactly if the traversal being checked has visited the key.
  std::vector<std::uint32_t> seen_;
  std::uint32_t stamp_ = 0;
};

}  // namespace mapquake
