// A reader of a sequence lock that does not look at the sequence again: not linearizable (a value that never was).
//
// A's find() has read half of the value and is preempted; B's assign() writes another; A reads its second half.
// Minimum: 2 threads, 2 operations (find, assign) on 1 entry (prefill), 1 preemption (A, between its two loads).
#include "buggy/sequenced_entries.hpp"

namespace {

using mapquake::buggy::SequencedSlot;

template <bool fixed>
struct Protocol {
  static bool read(const SequencedSlot& slot, bool& present, std::int64_t& number) {
    const unsigned before = slot.sequence.load(std::memory_order_acquire);
    if (before % 2 != 0) return false;
    present = slot.present.load(std::memory_order_acquire);
    number = slot.number(std::memory_order_acquire);
    return !fixed || slot.sequence.load(std::memory_order_relaxed) == before;
  }
  static void write(SequencedSlot& slot, bool present, std::int64_t number) {
    slot.sequence.fetch_add(1);
    slot.set(present, number, std::memory_order_seq_cst);
    slot.sequence.fetch_add(1);
  }
};

struct BuggyMap : mapquake::buggy::SequencedMap<Protocol<false>> {
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(false, "not linearizable");
  static constexpr const char* about = "looks at the sequence only before it reads an entry";
};
struct FixedMap : mapquake::buggy::SequencedMap<Protocol<true>> {
  static constexpr const char* about = "looks at the sequence before and after it reads an entry";
};

MAPQUAKE_MAP("buggy_seqlock_without_recheck", BuggyMap);
MAPQUAKE_MAP("fixed_seqlock_without_recheck", FixedMap);

}  // namespace
