// buffer_swap_map: values behind atomic pointers, old buffers protected by epochs; buffer_swap_map_broken: old buffers
// reused and freed while they are read. docs/maps/buffer_swap_map.md
#include "maps/buffer_swap_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;

/// Eight words, so that a torn read shows.
using Wide = Blob<64>;

template <template <class> class Buffers>
class SwapAdapter : public maps::BufferSwapMap<Key, Wide, Buffers, Hash<Key>> {
 public:
  using key_type = Key;
  using mapped_type = Wide;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::weakly_consistent,
      .size = SizeClaim::quiescent,
      .whole_map = WholeMap::per_key,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/buffer_swap_map.hpp: every operation is atomic for its key",
  };
};

class EpochAdapter : public SwapAdapter<maps::EpochBuffers> {
 public:
  static constexpr const char* about = "S11: 64-byte values behind swapped pointers, old buffers protected by epochs";
};

class BrokenAdapter : public SwapAdapter<maps::ReusingBuffers> {
 public:
  static constexpr const char* about =
      "S11: 64-byte values behind swapped pointers, old buffers reused and freed (broken)";
  // find(k) has loaded the pointer when erase(k) frees the buffer; or two assigns refill it (three operations).
  static constexpr Expectation expected{
      .outcomes = "use after free|invariant broken|iteration broken|data race|not linearizable|crash|out of bounds",
      .threads = 2,
      .operations = 2,
      .preemptions = 1};
};

}  // namespace

MAPQUAKE_MAP("buffer_swap_map", EpochAdapter);
MAPQUAKE_MAP("buffer_swap_map_broken", BrokenAdapter);
