// The memory oracles: what they must see, and beside it the same thing done right, which they must not take for it.
#include "probe.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <string>
#include <thread>

namespace {

using probe::hidden;

struct alignas(64) Wide {
  char bytes[64];
};

struct DeleteOfArray {
  static constexpr const char* about = "delete for new[]";
  static constexpr const char* provokes = "mismatched free";
  static void run() { delete hidden(new char[8]); }
};
MAPQUAKE_MAP("probe_delete_of_array", probe::Probe<DeleteOfArray>);

struct FreeOfNew {
  static constexpr const char* about = "free for new";
  static constexpr const char* provokes = "mismatched free";
  static void run() { std::free(hidden(new int(1))); }
};
MAPQUAKE_MAP("probe_free_of_new", probe::Probe<FreeOfNew>);

struct DeleteOfMalloc {
  static constexpr const char* about = "delete for malloc";
  static constexpr const char* provokes = "mismatched free";
  static void run() { delete hidden(static_cast<char*>(std::malloc(8))); }
};
MAPQUAKE_MAP("probe_delete_of_malloc", probe::Probe<DeleteOfMalloc>);

struct MatchedFrees {
  static constexpr const char* about = "every form of new has its delete, and the library frees what it allocated";
  static void run() {
    delete hidden(new char);
    delete[] hidden(new char[3]);
    delete hidden(new Wide);
    delete[] hidden(new Wide[2]);
    delete hidden(new (std::nothrow) char);
    delete[] hidden(new (std::nothrow) Wide[2]);
#ifdef __cpp_sized_deallocation  // clang 14 leaves it out unless asked for
    ::operator delete (hidden(::operator new(5)), std::size_t{5});
#endif
    ::operator delete (hidden(::operator new (5, std::align_val_t{32})), std::align_val_t{32});
    std::free(hidden(std::realloc(hidden(std::malloc(3)), 300)));
    std::free(hidden(std::aligned_alloc(64, 64)));
    char* const copy = ::strdup("of libc");
    std::free(hidden(copy));
    std::string text(100, 'x');
    text += std::string(200, 'y');
    CHECK(std::string(text).size() == 300);
  }
};
MAPQUAKE_MAP("probe_matched_frees", probe::Probe<MatchedFrees>);

struct CopyOfFreed {
  static constexpr const char* about = "memcpy from a freed block";
  static constexpr const char* provokes = "use after free";
  static void run() {
    char* const block = hidden(new char[64]());
    delete[] block;
    char copy[64];
    std::memcpy(hidden(copy), hidden(block), *hidden(&size));
  }
  static inline std::size_t size = 64;
};
MAPQUAKE_MAP("probe_copy_of_freed", probe::Probe<CopyOfFreed>);

struct SetBehindTheEnd {
  static constexpr const char* about = "memset of one byte too many";
  static constexpr const char* provokes = "out of bounds";
  static void run() {
    char* const block = hidden(new char[40]);
    std::memset(block, 0, *hidden(&size));
    delete[] block;
  }
  static inline std::size_t size = 41;
};
MAPQUAKE_MAP("probe_set_behind_the_end", probe::Probe<SetBehindTheEnd>);

struct PastASmallBlock {
  static constexpr const char* about = "an index past a small array, behind which a freed block lies";
  static constexpr const char* provokes = "out of bounds";
  static void run() {
    const std::unique_ptr<std::uint64_t[]> array(hidden(new std::uint64_t[4]()));
    delete hidden(new std::uint64_t(1));
    *hidden(&array[*hidden(&index)]) = 1;
  }
  static inline std::size_t index = 7;
};
MAPQUAKE_MAP("probe_past_a_small_block", probe::Probe<PastASmallBlock>);

struct WithinASmallBlock {
  static constexpr const char* about = "the last element of that array";
  static void run() {
    const std::unique_ptr<std::uint64_t[]> array(hidden(new std::uint64_t[8]()));
    delete hidden(new std::uint64_t(1));
    *hidden(&array[*hidden(&PastASmallBlock::index)]) = 1;
  }
};
MAPQUAKE_MAP("probe_within_a_small_block", probe::Probe<WithinASmallBlock>);

/// As with an index below 0 into the first block that a map allocates.
struct InFrontOfAll {
  static constexpr const char* about = "a read in front of all blocks";
  static constexpr const char* provokes = "out of bounds";
  static void run() {
    const std::unique_ptr<volatile char[]> block(new volatile char[8]);
    static_cast<void>(*hidden(block.get() - (std::ptrdiff_t{1} << 22)));
  }
};
MAPQUAKE_MAP("probe_in_front_of_all", probe::Probe<InFrontOfAll>);

struct WriteUnderSharedLock {
  static constexpr const char* about = "a write under a lock that is held shared";
  static constexpr const char* provokes = "data race";
  static inline int value = 0;
  static inline std::shared_mutex mutex;
  static void run() {
    const auto add = [] {
      const std::shared_lock lock(mutex);
      *hidden(&value) += 1;
    };
    std::jthread a(add), b(add);
  }
};
MAPQUAKE_MAP("probe_write_under_shared_lock", probe::Probe<WriteUnderSharedLock>);

struct Lost {
  static constexpr const char* about = "a block that nothing points to any more";
  static constexpr const char* provokes = "leak";
  static void run() { *hidden(new int) = 1; }
};
MAPQUAKE_MAP("probe_lost", probe::Probe<Lost>);

struct Cached {
  static constexpr const char* about = "blocks that a cache keeps for ever";
  struct Entry {
    Entry* next;
    int value;
  };
  static inline std::mutex mutex;
  static inline Entry* first = nullptr;
  static void run() {
    const std::lock_guard lock(mutex);
    first = new Entry{first, 1};
  }
};
MAPQUAKE_MAP("probe_cached", probe::Probe<Cached>);

struct RacingGlobal {
  static constexpr const char* about = "two threads write one global variable";
  static constexpr const char* provokes = "data race";
  static inline int value = 0;
  static void run() {
    const auto add = [] { *hidden(&value) += 1; };
    std::jthread a(add), b(add);
  }
};
MAPQUAKE_MAP("probe_racing_global", probe::Probe<RacingGlobal>);

struct HalfLocked {
  static constexpr const char* about = "of two threads that write, one holds the lock";
  static constexpr const char* provokes = "data race";
  static inline int value = 0;
  static inline std::mutex mutex;
  static void run() {
    std::jthread a([] {
      const std::lock_guard lock(mutex);
      *hidden(&value) = 1;
    });
    std::jthread b([] { *hidden(&value) = 2; });
  }
};
MAPQUAKE_MAP("probe_half_locked", probe::Probe<HalfLocked>);

struct RelaxedFlag {
  static constexpr const char* about = "a flag without order stands for a value";
  static constexpr const char* provokes = "data race";
  static inline int value = 0;
  static inline std::atomic<bool> ready{false};
  static void run() {
    std::jthread a([] {
      *hidden(&value) = 1;
      ready.store(true, std::memory_order_relaxed);
    });
    while (!ready.load(std::memory_order_relaxed)) std::this_thread::yield();
    CHECK(*hidden(&value) == 1);
  }
};
MAPQUAKE_MAP("probe_relaxed_flag", probe::Probe<RelaxedFlag>);

struct FencedGlobal {
  static constexpr const char* about = "fences and relaxed atomics order what they must";
  static void run() {
    const auto value = std::make_unique<int>(0);
    std::atomic<bool> ready{false};
    std::jthread writer([&] {
      *value = 1;
      std::atomic_thread_fence(std::memory_order_release);
      ready.store(true, std::memory_order_relaxed);
    });
    if (!ready.load(std::memory_order_relaxed)) return writer.join();
    std::atomic_thread_fence(std::memory_order_acquire);
    CHECK(*value == 1);
  }
};
MAPQUAKE_MAP("probe_fenced_global", probe::Probe<FencedGlobal>);

struct Trouble {
  explicit Trouble(int number) : number(number) {}
  virtual ~Trouble() { number = 0; }
  int number;
  std::string text = "long enough not to lie in the string itself";
};

struct SharedException {
  static constexpr const char* about = "whoever drops an exception last destroys it; libstdc++ counts";
  static void run() {
    std::promise<int> promise;
    const std::shared_future<int> future = promise.get_future().share();
    const auto look = [&future] {
      const std::shared_future<int> mine = future;
      try {
        mine.get();
      } catch (const Trouble& trouble) {
        CHECK(trouble.number == 7 && trouble.text.size() > 16);
      }
    };
    std::exception_ptr pointer = std::make_exception_ptr(Trouble(7));
    std::jthread a(look), b(look);
    promise.set_exception(pointer);
    pointer = nullptr;
  }
};
MAPQUAKE_MAP("probe_shared_exception", probe::Probe<SharedException>);

struct PassedException {
  static constexpr const char* about =
      "an exception goes from thread to thread, and the first to throw is not the last";
  static void run() {
    std::mutex mutex;
    std::exception_ptr passed;
    const auto work = [&] {
      std::exception_ptr mine;
      try {
        throw Trouble(3);
      } catch (...) {
        mine = std::current_exception();
      }
      {
        const std::lock_guard lock(mutex);
        std::swap(mine, passed);
      }
      if (mine == nullptr) return;
      try {
        std::rethrow_exception(std::move(mine));
      } catch (const Trouble& trouble) {
        CHECK(trouble.number == 3);
      }
    };
    std::jthread a(work), b(work), c(work);
  }
};
MAPQUAKE_MAP("probe_passed_exception", probe::Probe<PassedException>);

struct MixedSizes {
  static constexpr const char* about = "an atomic word is read by halves, and orders all the same";
  struct Shared {
    std::uint64_t word = 0;
    int data = 0;
  };
  static void run() {
    const auto shared = std::make_unique<Shared>();
    std::thread writer([&] {
      shared->data = 1;
      __atomic_store_n(&shared->word, std::uint64_t{1} << 32 | 1, __ATOMIC_RELEASE);
    });
    const auto* const upper = hidden(reinterpret_cast<std::uint32_t*>(&shared->word) + 1);
    if (__atomic_load_n(upper, __ATOMIC_ACQUIRE) == 1) CHECK(shared->data == 1);
    writer.join();
  }
};
MAPQUAKE_MAP("probe_mixed_sizes", probe::Probe<MixedSizes>);

struct FixedCopies {
  static constexpr const char* about = "memcpy and memset of so many bytes, by a length that the compiler knows";
  static constexpr const char* provokes = "out of bounds";
  static void run() {
    const std::unique_ptr<char[]> text(hidden(new char[40]));
    char* const at = hidden(text.get());
    std::memset(at, 0, 40);
    std::memset(at + 17, 0, 24);
  }
};
MAPQUAKE_MAP("probe_fixed_copies", probe::Probe<FixedCopies>);

}  // namespace
