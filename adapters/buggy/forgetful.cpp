// Two maps that forget, under the weaker claim that their look-ups may lag: not linearizable (lost update, resurrected
// key) at rest.
//
// forgets_writes: every second assign() is accepted and dropped. never_erases: erase() finds the key and leaves it.
// Minimum: 1 thread, 2 operations (assign, assign), and 1 thread, 1 operation (erase) with the key prefilled; no
// preemption.
#include "buggy/locked_entries.hpp"

#include <cstddef>

namespace {

using mapquake::Key;
using mapquake::Value;

enum class Forgets { nothing, writes, erasing };

template <Forgets forgets>
class Forgetful : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims lagging = mapquake::buggy::claims_of_a_lock;
    lagging.linearizable = false;
    return lagging;
  }();
  static constexpr mapquake::Expectation expected{
      .outcomes = forgets == Forgets::nothing ? "" : "not linearizable|exception guarantee broken",
      .threads = forgets == Forgets::nothing ? 0u : 1u,
      .operations = forgets == Forgets::nothing  ? 0u
                    : forgets == Forgets::writes ? 2u
                                                 : 1u};
  static constexpr const char* about = forgets == Forgets::writes    ? "drops every second write"
                                       : forgets == Forgets::erasing ? "finds what it is to erase, and leaves it"
                                                                     : "forgets nothing";

  bool assign(Key k, Value v) {
    const std::unique_lock writer(lock_);
    if (forgets == Forgets::writes && ++writes_ % 2 == 0) return true;
    return entries_.insert_or_assign(k, v).second;
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    return forgets == Forgets::erasing ? entries_.count(k) == 1 : entries_.erase(k) == 1;
  }

 private:
  std::size_t writes_ = 0;
};

MAPQUAKE_MAP("buggy_forgets_writes", Forgetful<Forgets::writes>);
MAPQUAKE_MAP("buggy_never_erases", Forgetful<Forgets::erasing>);
MAPQUAKE_MAP("fixed_forgetful", Forgetful<Forgets::nothing>);

}  // namespace
