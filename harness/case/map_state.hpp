// What a map held in the middle of an execution, or why nobody can say: facts about a moment (Executor::look). The
// execution that they are about knows nothing of the look: another one went up to the moment, and was given up there.
#pragma once

#include "harness/history/outcome.hpp"
#include "harness/history/witness.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mapquake {

/// Looks that one call of Executor::look() takes at most, entries that one of them keeps, and after which time none
/// begins any more.
inline constexpr std::size_t looks_max = 64;
inline constexpr std::size_t entries_seen_max = 64;
inline constexpr double looks_seconds_max = 0.4;

/// What became of a look.
enum class Sight : std::uint8_t {
  not_looked,  ///< the time for looks was over, the execution never came there, or nothing stood that could be shown
  seen,
  shown,       ///< an object or a program, which has nothing but its dump(): MapState::inside
  not_beside,  ///< the map's claims do not let anybody look beside the calls that were under way
  waits,       ///< the look waited for something that never comes: MapState::standing, object
  threw,       ///< a call of the look's ended by an exception
  broke,       ///< the look ended as an execution does: MapState::outcome
};

struct MapState {
  /// As in runtime/debugger.hpp: of the event at position p of the trace 2p + 1, before it takes effect; 2p where its
  /// thread goes on before it.
  std::uint64_t at = 0;
  Sight sight = Sight::not_looked;

  // Where it was seen.
  bool by_look_ups = false;  ///< of the program's keys, not by a traversal
  std::vector<std::pair<std::int64_t, std::int64_t>> entries =
      {};                                    ///< by key; a key that was visited twice stands twice
  std::vector<std::int64_t> not_found = {};  ///< keys of these that a look-up did not find; asked where no call runs
  std::uint64_t more = 0;                    ///< entries that there is no room for
  std::optional<std::uint64_t> size = {};    ///< what size() said; none: not asked, or no answer
  std::string inside = {};                   ///< the adapter's dump(); may be cut off

  // Where it was not.
  Standing standing = {};            ///< waits: as of a thread's
  std::uint64_t object = 0;          ///< waits: its address. broke in a loop: of what was read last; 0: not known
  ThreadId beside = no_thread;       ///< not_beside: whose call
  Outcome outcome = Outcome::clean;  ///< broke

  friend bool operator==(const MapState&, const MapState&) = default;
};

/// Same contents, as far as both are known, or the same reason.
inline bool looks_alike(const MapState& a, const MapState& b) {
  MapState other = b;
  other.at = a.at;
  return a == other;
}

}  // namespace mapquake
