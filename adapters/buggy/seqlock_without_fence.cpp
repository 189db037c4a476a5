// A reader of a sequence lock whose second look at the sequence is not behind a fence: not linearizable (a value that
// never was), by the C++ memory model alone. An acquire load keeps later accesses behind it, not earlier ones before
// it.
//
// A's find() has read half of the value and is preempted; B's assign() writes another; A reads its second half, and
// then the sequence as it was before B. Minimum: 2 threads, 2 operations (find, assign) on 1 entry (prefill), 1
// preemption, 1 stale read.
#include "buggy/sequenced_entries.hpp"
#include "buggy/weak_memory.hpp"

namespace {

using mapquake::buggy::SequencedSlot;

template <bool fixed>
struct Protocol {
  static bool read(const SequencedSlot& slot, bool& present, std::int64_t& number) {
    const unsigned before = slot.sequence.load(std::memory_order_acquire);
    if (before % 2 != 0) return false;
    present = slot.present.load(std::memory_order_relaxed);
    number = slot.number(std::memory_order_relaxed);
    if (fixed) std::atomic_thread_fence(std::memory_order_acquire);
    return slot.sequence.load(fixed ? std::memory_order_relaxed : std::memory_order_acquire) == before;
  }
  static void write(SequencedSlot& slot, bool present, std::int64_t number) {
    const unsigned sequence = slot.sequence.load(std::memory_order_relaxed);
    slot.sequence.store(sequence + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    slot.set(present, number, std::memory_order_relaxed);
    slot.sequence.store(sequence + 2, std::memory_order_release);
  }
};

struct BuggyMap : mapquake::buggy::SequencedMap<Protocol<false>> {
  static constexpr mapquake::Expectation expected = mapquake::buggy::weak_memory(false, "not linearizable", true);
  static constexpr const char* about = "looks at the sequence again by an acquire load";
};
struct FixedMap : mapquake::buggy::SequencedMap<Protocol<true>> {
  static constexpr mapquake::Expectation expected = mapquake::buggy::weak_memory(true, "");
  static constexpr const char* about = "looks at the sequence again behind an acquire fence";
};

MAPQUAKE_MAP("buggy_seqlock_without_fence", BuggyMap);
MAPQUAKE_MAP("fixed_seqlock_without_fence", FixedMap);

}  // namespace
