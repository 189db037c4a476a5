// Records the calls that real threads make on a map, for `mapquake check`. C++17, POSIX, no other dependency.
//
//   mapquake::Recording recording("run.mqrec");              // once; the map is empty then (or say so: Options)
//   mapquake::RecordedThread recorder(recording);            // in each thread
//   bool added = recorder.call(mapquake::Recorded::insert, key, value, [&] { return map.insert(key, value); });
//   std::optional<std::int64_t> found = recorder.call(mapquake::Recorded::find, key, 0, [&] { return map.find(key); });
//
//   $ mapquake check run.mqrec
//
// Cost: two stamps and one cache line a call, without locks; tests/bench/record_bench.cpp measures it. A full buffer
// drops calls and counts them; `check` then looks at what came before the first of them. The file is mapped memory:
// what was recorded when the process dies is there, and calls that were going on are known as such. Format:
// docs/recorded-histories.md.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

namespace mapquake {

/// What was called. The numbers are part of the format.
enum class Recorded : std::uint8_t {
  insert = 1,             ///< adds if absent; whether it did
  find = 2,               ///< the value, if present
  contains = 3,           ///< whether present
  erase = 4,              ///< removes; whether it was there, or the old value
  assign = 5,             ///< inserts or overwrites; whether it added, or the old value, or nothing
  update = 6,             ///< value += argument if present; the old value
  get_or_create = 7,      ///< the present value, or the argument after inserting it
  extract = 8,            ///< removes; the old value
  replace = 9,            ///< overwrites if present; whether it did
  compare_exchange = 10,  ///< overwrites if the value is `extra`; whether it did
  upsert = 11,            ///< value += argument if present, else inserts the argument; whether it added
  size = 12,
  clear = 13,
};

namespace record_format {

inline constexpr char magic[8] = {'M', 'Q', 'R', 'E', 'C', '1', '\n', '\0'};
inline constexpr std::uint64_t none_dropped = UINT64_MAX;

/// What is known of the answer.
enum Told : std::uint8_t { unfinished = 0, nothing = 1, no = 2, yes = 3, absent = 4, value = 5, count = 6 };

/// The first page of the file. All numbers are little-endian.
struct Header {
  char magic[8];
  std::uint32_t page_bytes;    ///< 4096: where the first thread's block begins
  std::uint32_t record_bytes;  ///< 64
  std::uint64_t threads_max;
  std::uint64_t calls_max;  ///< of each thread
  std::uint32_t starts_empty;
  std::uint32_t reserved;
  std::atomic<std::uint64_t> threads;  ///< blocks in use
  std::atomic<std::uint64_t> dropped;
  std::atomic<std::uint64_t> first_dropped;  ///< the earliest start of a dropped call
};

/// One call; a block is `calls_max + 1` of these, of which the first holds nothing but the number of calls, in `start`.
struct Record {
  std::atomic<std::uint64_t> start;
  std::atomic<std::uint64_t> end;  ///< 0: it has not returned
  std::int64_t key, value, extra, answer;
  std::uint8_t operation, told;
  std::uint8_t reserved[14];
};
static_assert(sizeof(Record) == 64 && std::atomic<std::uint64_t>::is_always_lock_free, "the format");

/// Stamps of one clock for all threads. Taken so that nothing of the call happens outside of them.
class Clock {
 public:
  Clock() : counts_cycles_(invariant_cycles()) {}
  std::uint64_t before_a_call() const {
#if defined(__x86_64__)
    if (counts_cycles_) {
      const std::uint64_t now = __rdtsc();
      _mm_lfence();  // no load of the call is made before the stamp
      return now;
    }
#endif
    return now();
  }
  std::uint64_t after_a_call() const {
#if defined(__x86_64__)
    if (counts_cycles_) {
      // Its stores are seen by all before the stamp: a locked instruction drains the store buffer (Intel SDM, volume 3,
      // 8.2.5) in half of the time of MFENCE.
      std::uint32_t here = 0;
      asm volatile("lock; orl $0, %0" : "+m"(here) : : "memory", "cc");
      _mm_lfence();
      return __rdtsc();
    }
#endif
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return now();
  }

 private:
  static std::uint64_t now() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  }
  /// Do the cycle counters run at one rate on all processors (Intel SDM, volume 3, 18.17.1)?
  static bool invariant_cycles() {
#if defined(__x86_64__)
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d >> 8 & 1) != 0;
#else
    return false;
#endif
  }
  bool counts_cycles_;
};

}  // namespace record_format

struct RecordOptions {
  std::uint64_t threads_max = 64;                    ///< 1 to 4,096; what further threads do is dropped
  std::uint64_t calls_max = std::uint64_t{1} << 16;  ///< of each thread: 64 bytes each, taken when it begins
  bool starts_empty = true;                          ///< the map is empty when recording begins
};

/// The file. Must outlive the threads that record into it. The file stays where it is.
class Recording {
 public:
  /// Errors: std::system_error where the file cannot be made. An existing file is replaced.
  explicit Recording(const std::string& path, RecordOptions options = {}) : options_(options) {
    if (options.threads_max < 1 || options.threads_max > 4096 || options.calls_max < 1 ||
        options.calls_max > (std::uint64_t{1} << 32)) {
      throw std::system_error(EINVAL, std::generic_category(), "mapquake::Recording: options out of range");
    }
    bytes_ = page_bytes + options.threads_max * (options.calls_max + 1) * sizeof(record_format::Record);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) throw std::system_error(errno, std::generic_category(), path);
    void* memory = MAP_FAILED;
    if (::ftruncate(file, static_cast<off_t>(bytes_)) == 0) {
      memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    const int error = errno;
    ::close(file);
    if (memory == MAP_FAILED) throw std::system_error(error, std::generic_category(), path);
    memory_ = static_cast<char*>(memory);
    record_format::Header& h = header();
    h.page_bytes = page_bytes;
    h.record_bytes = sizeof(record_format::Record);
    h.threads_max = options.threads_max;
    h.calls_max = options.calls_max;
    h.starts_empty = options.starts_empty ? 1 : 0;
    h.first_dropped.store(record_format::none_dropped);
    std::memcpy(h.magic, record_format::magic, sizeof h.magic);
  }
  ~Recording() { ::munmap(memory_, bytes_); }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  std::uint64_t dropped() const { return header().dropped.load(std::memory_order_relaxed); }

 private:
  friend class RecordedThread;
  static constexpr std::uint32_t page_bytes = 4096;

  record_format::Header& header() const { return *reinterpret_cast<record_format::Header*>(memory_); }
  /// Null where there is none left.
  record_format::Record* new_block() {
    const std::uint64_t number = header().threads.fetch_add(1, std::memory_order_relaxed);
    if (number >= options_.threads_max) return nullptr;
    char* const blocks = memory_ + page_bytes;
    return reinterpret_cast<record_format::Record*>(blocks) + number * (options_.calls_max + 1);
  }
  void drop(std::uint64_t start) {
    record_format::Header& h = header();
    h.dropped.fetch_add(1, std::memory_order_relaxed);
    std::uint64_t first = h.first_dropped.load(std::memory_order_relaxed);
    while (start < first && !h.first_dropped.compare_exchange_weak(first, start, std::memory_order_relaxed)) {
    }
  }

  RecordOptions options_;
  std::size_t bytes_ = 0;
  char* memory_ = nullptr;
  record_format::Clock clock_;
};

/// One thread's part of a recording. Used by that thread alone; its calls do not overlap.
class RecordedThread {
 public:
  explicit RecordedThread(Recording& recording)
      : recording_(recording),
        clock_(recording.clock_),
        calls_max_(recording.options_.calls_max),
        block_(recording.new_block()) {
    // Page faults now are none in the middle of a call.
    if (block_ == nullptr) return;
    constexpr std::uint64_t records_in_page = 4096 / sizeof(record_format::Record);
    for (std::uint64_t i = 0; i <= calls_max_; i += records_in_page) {
      block_[i].start.store(0, std::memory_order_relaxed);
    }
  }

  /// A call begins. Null: there is no room, and it has been counted.
  record_format::Record* begin(Recorded operation, std::int64_t key, std::int64_t value = 0, std::int64_t extra = 0) {
    if (block_ == nullptr || used_ == calls_max_) {
      recording_.drop(clock_.before_a_call());
      return nullptr;
    }
    record_format::Record& record = block_[++used_];
    // Else the fence at the end of the call waits for this line to come from memory.
    const std::uint64_t ahead = used_ + records_ahead;
    __builtin_prefetch(block_ + (ahead < calls_max_ ? ahead : calls_max_), 1);
    record.key = key;
    record.value = value;
    record.extra = extra;
    record.operation = static_cast<std::uint8_t>(operation);
    record.start.store(clock_.before_a_call(), std::memory_order_relaxed);
    block_->start.store(used_, std::memory_order_release);
    return &record;
  }

  /// It has returned, with this answer: nothing, a bool, a value, an optional, or (size) a count.
  void end(record_format::Record* record) { finish(record, record_format::nothing, 0); }
  void end(record_format::Record* record, bool answer) {
    finish(record, answer ? record_format::yes : record_format::no, 0);
  }
  void end(record_format::Record* record, std::int64_t answer) {
    const bool counts = record != nullptr && record->operation == static_cast<std::uint8_t>(Recorded::size);
    finish(record, counts ? record_format::count : record_format::value, answer);
  }
  void end(record_format::Record* record, const std::optional<std::int64_t>& answer) {
    finish(record, answer ? record_format::value : record_format::absent, answer.value_or(0));
  }

  /// All of it round `function`, whose answer it passes on. If it throws, it is recorded as one that may have happened.
  template <class Function>
  auto call(Recorded operation, std::int64_t key, std::int64_t value, Function&& function) {
    record_format::Record* const record = begin(operation, key, value);
    using Answer = std::invoke_result_t<Function>;
    if constexpr (std::is_void_v<Answer>) {
      std::forward<Function>(function)();
      end(record);
    } else {
      Answer answer = std::forward<Function>(function)();
      if constexpr (std::is_integral_v<Answer> && !std::is_same_v<Answer, bool>) {
        end(record, static_cast<std::int64_t>(answer));
      } else {
        end(record, answer);
      }
      return answer;
    }
  }

 private:
  void finish(record_format::Record* record, record_format::Told told, std::int64_t answer) {
    const std::uint64_t now = clock_.after_a_call();
    if (record == nullptr) return;
    record->answer = answer;
    record->told = told;
    record->end.store(now, std::memory_order_release);
  }

  static constexpr std::uint64_t records_ahead = 8;

  Recording& recording_;
  const record_format::Clock clock_;
  const std::uint64_t calls_max_;
  record_format::Record* const block_;
  std::uint64_t used_ = 0;
};

}  // namespace mapquake
