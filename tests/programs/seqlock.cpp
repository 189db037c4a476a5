// A sequence lock (H.-J. Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012): the
// version is odd while the writer is at work, and a reader that saw it even and unchanged has read both words of one
// write. The broken writer counts once, at the end, so that a reader in its midst sees nothing of it.
#include "tests/programs/together.hpp"

#include <atomic>

namespace {

std::atomic<unsigned> version{0};
std::atomic<int> left{0};
std::atomic<int> right{0};

template <bool announces>
void write() {
  for (int value = 1; value <= 2; ++value) {
    if (announces) ++version;
    left = value;
    right = value;
    version += announces ? 1 : 2;
  }
}

void read() {
  const unsigned before = version;
  if (before % 2 != 0) return;
  const int seen_left = left;
  const int seen_right = right;
  if (version != before) return;
  MAPQUAKE_CHECK(seen_left == seen_right);
}

template <bool announces>
void seqlock() {
  kernel::run_together(write<announces>, read);
}

}  // namespace

MAPQUAKE_PROGRAM("seqlock", seqlock<false>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("seqlock_right", seqlock<true>);
