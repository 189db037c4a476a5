// Spare blocks that outlive the map: what leads to them is no plain pointer, and they are no leak; where nothing leads
// to them, they are one.
#include "probe.hpp"

#include <cstdint>

namespace {

struct Node {
  std::uintptr_t next = 0;
  std::uintptr_t payload = 1;
};

/// glibc's safe-linking: a pointer with the place where it stands mixed in.
struct MixedWithItsPlace {
  static void write(std::uintptr_t& word, const Node* to) {
    word = reinterpret_cast<std::uintptr_t>(to) ^ reinterpret_cast<std::uintptr_t>(&word) >> 12;
  }
};
/// A counter in the lower 16 bits, against ABA.
struct AboveACounter {
  static void write(std::uintptr_t& word, const Node* to) {
    word = reinterpret_cast<std::uintptr_t>(to) << 16 | ((word + 1) & 0xffff);
  }
};
struct BelowACounter {
  static void write(std::uintptr_t& word, const Node* to) {
    word = reinterpret_cast<std::uintptr_t>(to) | (std::uintptr_t{7} << 48);
  }
};

template <class Links>
struct SpareBlocks {
  static constexpr const char* about = "keeps three spare blocks in a list";
  static void run() {
    const std::scoped_lock hold(lock);
    if (head != 0) return;
    using probe::hidden;
    Node* const last = hidden(new Node);
    Node* const middle = hidden(new Node);
    Node* const first = hidden(new Node);
    Links::write(middle->next, last);
    Links::write(first->next, middle);
    Links::write(head, first);
  }
  static inline std::mutex lock;
  static inline std::uintptr_t head = 0;
};

template <class Links>
struct LostBlocks : SpareBlocks<Links> {
  static constexpr const char* about = "cuts its list of spare blocks";
  static constexpr const char* provokes = "leak";
  static void run() {
    SpareBlocks<Links>::run();
    const std::scoped_lock hold(SpareBlocks<Links>::lock);
    Links::write(SpareBlocks<Links>::head, nullptr);
  }
};

MAPQUAKE_MAP("probe_spare_blocks_mixed", probe::Probe<SpareBlocks<MixedWithItsPlace>>);
MAPQUAKE_MAP("probe_spare_blocks_above", probe::Probe<SpareBlocks<AboveACounter>>);
MAPQUAKE_MAP("probe_spare_blocks_below", probe::Probe<SpareBlocks<BelowACounter>>);
MAPQUAKE_MAP("probe_lost_blocks_mixed", probe::Probe<LostBlocks<MixedWithItsPlace>>);
MAPQUAKE_MAP("probe_lost_blocks_above", probe::Probe<LostBlocks<AboveACounter>>);
MAPQUAKE_MAP("probe_lost_blocks_below", probe::Probe<LostBlocks<BelowACounter>>);

}  // namespace
