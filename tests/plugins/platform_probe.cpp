// What a platform leaves open: code that takes one answer for a promise, and its twin that does not.
#include "probe.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace {

using probe::hidden;

std::uint64_t address_of(const void* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer);
}

template <bool right>
struct ShardsByProcessors {
  static constexpr const char* about = "half as many shards as there are processors";
  static void run() {
    const unsigned half = std::thread::hardware_concurrency() / 2;
    CHECK((right ? std::max(half, 1u) : half) > 0);
  }
};
struct NoShards : ShardsByProcessors<false> {
  static constexpr const char* provokes = "invariant broken";
};
MAPQUAKE_MAP("probe_no_shards", probe::Probe<NoShards>);
MAPQUAKE_MAP("probe_some_shards", probe::Probe<ShardsByProcessors<true>>);

template <bool right>
struct SeededHash {
  static constexpr const char* about = "a hash multiplies by a random seed, which must be odd";
  static void run() {
    // Once, as maps do it: what the second one would be is not the first one's promise.
    static const unsigned seed = std::random_device()() | (right ? 1 : 0);
    CHECK(seed % 2 == 1);
  }
};
struct EvenSeed : SeededHash<false> {
  static constexpr const char* provokes = "invariant broken";
};
MAPQUAKE_MAP("probe_even_seed", probe::Probe<EvenSeed>);
MAPQUAKE_MAP("probe_odd_seed", probe::Probe<SeededHash<true>>);

template <bool right>
struct SlotByThread {
  static constexpr const char* about =
      "each thread counts in the slot of its id, of which it may not be the only owner";
  static void run() {
    static constexpr std::size_t count = 64;
    const auto slots = std::make_unique<std::int64_t[]>(count);
    const auto add = [&] {
      std::int64_t& slot = slots[static_cast<std::size_t>(gettid()) % count];
      if constexpr (right) {
        std::atomic_ref(slot).fetch_add(1);
      } else {
        *hidden(&slot) += 1;
      }
    };
    std::jthread a(add), b(add);
  }
};
struct SharedSlot : SlotByThread<false> {
  static constexpr const char* provokes = "data race";
};
MAPQUAKE_MAP("probe_shared_slot", probe::Probe<SharedSlot>);
MAPQUAKE_MAP("probe_atomic_slot", probe::Probe<SlotByThread<true>>);

template <bool right>
struct RegisteredThreads {
  static constexpr const char* about = "threads register by their id, and do or do not sign off";
  static void run() {
    std::set<std::thread::id> registered;
    for (int i = 0; i < 3; ++i) {
      std::thread([&] {
        CHECK(registered.insert(std::this_thread::get_id()).second);
        if (right) registered.erase(std::this_thread::get_id());
      }).join();
    }
  }
};
struct StaleRegistration : RegisteredThreads<false> {
  static constexpr const char* provokes = "invariant broken";
};
MAPQUAKE_MAP("probe_stale_registration", probe::Probe<StaleRegistration>);
MAPQUAKE_MAP("probe_signed_off", probe::Probe<RegisteredThreads<true>>);

struct YoungerIsHigher {
  static constexpr const char* about = "a younger block is taken to lie above an older one";
  static constexpr const char* provokes = "invariant broken";
  static void run() {
    std::vector<std::unique_ptr<int>> blocks;
    for (int i = 0; i < 8; ++i) blocks.push_back(std::make_unique<int>(i));
    CHECK(std::is_sorted(blocks.begin(), blocks.end()));
  }
};
MAPQUAKE_MAP("probe_younger_is_higher", probe::Probe<YoungerIsHigher>);

struct PointerBits {
  static constexpr const char* about = "two nodes are taken to differ in the low bits of their addresses";
  static constexpr const char* provokes = "invariant broken";
  static void run() {
    const auto one = std::make_unique<std::uint64_t[]>(4), other = std::make_unique<std::uint64_t[]>(4);
    CHECK(((address_of(one.get()) ^ address_of(other.get())) & 0xffff) != 0);
  }
};
MAPQUAKE_MAP("probe_pointer_bits", probe::Probe<PointerBits>);

struct EndOfPage {
  static constexpr const char* about = "there is taken to be a byte of the same page behind every block";
  static constexpr const char* provokes = "invariant broken";
  static void run() {
    const auto block = std::make_unique<char[]>(32);
    CHECK((address_of(block.get()) + 32) % 4096 != 0);
  }
};
MAPQUAKE_MAP("probe_end_of_page", probe::Probe<EndOfPage>);

struct BlocksAnywhere {
  static constexpr const char* about = "blocks are distinct, aligned and keep what is written, wherever they lie";
  static void run() {
    std::vector<std::unique_ptr<std::uint64_t[]>> blocks;
    for (std::uint64_t i = 0; i < 12; ++i) {
      blocks.push_back(std::make_unique<std::uint64_t[]>(1 + i * 7 % 40));
      CHECK(address_of(blocks.back().get()) % 16 == 0);
      std::fill_n(blocks.back().get(), 1 + i * 7 % 40, i);
      if (i % 4 == 3) blocks.erase(blocks.begin());
    }
    for (const auto& block : blocks) CHECK(block[0] == block.get()[0]);
    std::sort(blocks.begin(), blocks.end());
    CHECK(std::adjacent_find(blocks.begin(), blocks.end()) == blocks.end());
  }
};
MAPQUAKE_MAP("probe_blocks_anywhere", probe::Probe<BlocksAnywhere>);

struct SuccessiveThreads {
  static constexpr const char* about =
      "each of many successive threads has thread_locals, keys and a handle of its own";
  struct Guard {
    int* left = nullptr;
    ~Guard() {
      if (left != nullptr) --*left;
    }
  };
  static void run() {
    pthread_key_t key;
    CHECK(pthread_key_create(&key, nullptr) == 0);
    int left = 40;
    int sum = 0;
    for (int i = 1; i <= 40; ++i) {
      std::thread([&, i] {
        static thread_local int number = 0;
        static thread_local Guard guard;
        CHECK(number == 0 && guard.left == nullptr && pthread_getspecific(key) == nullptr);
        number = i;
        guard.left = &left;
        CHECK(pthread_setspecific(key, &number) == 0);
        sum += number;
      }).join();
    }
    CHECK(sum == 820 && left == 0);
    CHECK(pthread_key_delete(key) == 0);
  }
};
MAPQUAKE_MAP("probe_successive_threads", probe::Probe<SuccessiveThreads>);

}  // namespace
