// Agreement at quiescence. After all threads have ended, the main thread looks up every key of the program (find or
// contains), then asks for the size, then traverses the map, as far as the map has these operations. Nothing runs
// beside them, so all three must describe one map:
//   size() == number of keys that the look-ups found      "size disagrees with look-ups"     (not for SizeClaim::none)
//   the traversal visits exactly the keys found,
//   with the values found                                 "iteration disagrees with look-ups" (not for Iteration::none)
//   size() == number of keys visited, where no operation looks keys up                    "size disagrees with
//   iteration"
// And both are within the claimed capacity, if there is one   "holds more than its capacity".
// The outcome is `invariant broken`. Whether what they agree on is right is for linearizability to say.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake {

/// Keeps its memory from history to history. Cost: O(final calls + visits + keys).
class QuiescenceOracle {
 public:
  /// Silent where a final call did not return, where something other than these calls runs at quiescence, and about
  /// sizes where not every key of the history was looked up.
  std::optional<Violation> check(const History& history, const Claims& claims, const KeyHistories& keys);

  /// Did the final look-ups of the last check() settle the presence of every key of the history? Then a final size()
  /// that agrees with them needs no whole-map search.
  bool settled() const { return settled_; }

 private:
  enum class Presence : std::uint8_t { unknown, absent, present };
  struct Found {
    Presence presence = Presence::unknown;
    bool value_known = false;
    bool visited = false;
    std::int64_t value = 0;
    std::uint32_t call = 0;
  };

  bool collect(const History& history, const KeyHistories& keys);
  std::optional<Violation> check_capacity(const History& history, const Claims& claims,
                                          std::optional<std::uint32_t> size_call) const;
  std::optional<Violation> check_size(const History& history, std::uint32_t size_call) const;
  std::optional<Violation> check_traversal(const History& history, std::uint32_t traversal, const KeyHistories& keys);

  std::vector<Found> found_;  // by key index
  std::uint64_t present_ = 0;
  std::uint64_t looked_up_ = 0;
  bool settled_ = false;
};

}  // namespace mapquake
