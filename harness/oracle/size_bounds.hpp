// Sizes that are claimed exact only when nothing writes: how many keys can there have been, how many must there have
// been? While no write overlaps the call, the presence of each key is settled, if not always known; keys are
// independent of each other (key_histories.hpp), so every number between the two bounds is possible, and no other.
// That is exact for one size(); of several in one history each is judged by itself.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/linearizability.hpp"
#include "harness/oracle/overlap.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake {

/// Keeps its memory from history to history.
/// Cost of a size(): O(1) for a key whose calls before it do not overlap, else two searches of the key's calls.
class SizeBounds {
 public:
  /// The first size() before call `end` that no write overlaps and whose answer is out of bounds: not linearizable,
  /// "wrong size". Requires: claims.size is `quiescent`; the calls on each key are legal.
  std::optional<Violation> check(const History& history, std::uint32_t end, const KeyHistories& keys,
                                 const Overlaps& overlaps, LinearizabilityChecker& checker);

 private:
  Aftermath::Presence known(const Call& size_call, const KeyHistories& keys, std::size_t key) const;
  bool possible(const Call& size_call, bool present, const KeyHistories& keys, std::size_t key,
                LinearizabilityChecker& checker);

  std::vector<KeyOp> ops_;
};

}  // namespace mapquake
