// All that is decided from a history alone. Pure functions; each oracle has its own file and its own tests with
// legal and illegal twin histories.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace mapquake {

/// Every oracle that the claims call for, most telling first:
///   1. call status (call_status.hpp): torn values, unexpected exceptions, refusals of what was claimed;
///   2. linearizability of the calls on each key (linearizability.hpp, diagnosis.hpp): a key that is lost shows in
///      traversals and sizes as well, and should always get the same name;
///   3. the iteration contract (iteration.hpp);
///   4. agreement at quiescence (quiescence.hpp), and of copies with themselves (copies.hpp);
///   5. linearizability of the whole map, if an operation needs several keys at one instant (whole_map.hpp), and sizes
///      that no write overlaps (size_bounds.hpp).
/// `Claims::concurrent_use` does not matter for 2–5: a map that is run with threads on purpose, without claiming them,
/// is judged as if it did. Of maps that lag or forget (Claims::linearizable, retention), 2 asks for an order of the
/// writes that explains what is there at rest (key_histories.hpp), 4 holds sizes to it, and 5 is not asked. After an
/// exception for which the map guarantees nothing, only 1 is asked. A cursor is one traversal, from the call that
/// opened it to its last step (history/cursors.hpp).
///
/// Owns scratch memory, so that a check allocates nothing once warm; one object per thread of use. The answer depends
/// on the arguments alone.
/// Cost: about 1 µs for a dozen calls on a few keys; exponential in the number of calls that overlap on one key (whole
/// map: on any key), up to a bound of some milliseconds, after which that question counts as not answered.
class HistoryOracles {
 public:
  HistoryOracles();
  ~HistoryOracles();
  HistoryOracles(HistoryOracles&&) noexcept;
  HistoryOracles& operator=(HistoryOracles&&) noexcept;

  /// Empty: nothing contradicts the claims.
  /// Requires: `history` satisfies its invariants and starts with an empty map; a prefill, by whatever way it went into
  /// the map, is in it as inserts by the main thread.
  std::optional<Violation> check(const Program& program, const History& history, const Claims& claims);

  /// Checks that met the bound and found nothing else, since construction.
  std::uint64_t undecided() const;

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

/// The same without scratch memory of the caller's: uses one HistoryOracles per thread.
std::optional<Violation> check_history(const Program& program, const History& history, const Claims& claims);

}  // namespace mapquake
