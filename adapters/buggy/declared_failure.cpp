// insert() declares a point of failure of its own, "journal/write", and forgets to undo what it did before: exception
// guarantee broken (effect after a throw).
//
// Minimum: 1 thread, 1 operation (insert of a new key), 1 fault (the declared point fires), 0 preemptions.
#include "buggy/locked_faults.hpp"

#include <stdexcept>

#define FIU_ENABLE 1
#include <fiu.h>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class JournalledMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about =
      fixed ? "writes its journal first" : "inserts first, then fails to write its journal";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    if (fixed) write_journal();
    const bool added = entries_.emplace(k, v).second;
    if (!fixed) write_journal();
    return added;
  }

 private:
  static void write_journal() { fiu_do_on("journal/write", throw std::runtime_error("the journal is full")); }
};

MAPQUAKE_MAP("buggy_declared_failure", JournalledMap<false>);
MAPQUAKE_MAP("fixed_declared_failure", JournalledMap<true>);

}  // namespace
