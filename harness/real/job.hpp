// What the driver, a process with real threads and an uninstrumented map, is asked to do, and what it answers. Values
// only: the driver is linked without the rest of the harness, whose pthreads and heap are not the real ones.
#pragma once

#include "harness/base/code_range.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::real {

/// Which keys the calls are about.
enum class Keys : std::uint8_t {
  uniform,     ///< each alike
  zipf,        ///< the i-th most frequent in proportion to 1 / i^0.99 (YCSB's constant), frequent ones scattered
  hot_window,  ///< 93 of 100 within a window of a hundredth of the keys, which moves on
  sequential,  ///< writes add a key that never was and take the oldest away; reads look among the last
  colliding,   ///< uniform, and all keys hash alike
};
std::string_view name_of(Keys keys);
std::optional<Keys> keys_named(std::string_view name);
std::vector<std::string> key_names();

enum class Task : std::uint8_t {
  describe,  ///< which maps are in the plugin?
  bench,     ///< how fast is it?
  preset,    ///< SYSTEMS.md, section F: the stress preset, a fixed script for each thread
  stress,    ///< short rounds, recorded
};

struct Job {
  Task task = Task::describe;
  std::string plugin;
  std::string map;
  unsigned threads = 1;
  Keys keys = Keys::uniform;
  std::uint64_t key_count = 10'000;
  std::uint64_t prefill = 10'000;  ///< keys that are there before, 1 to this
  double write_percent = 10;
  double warm_up_seconds = 0.1;
  double seconds = 0.5;  ///< each of the two measurements, throughput and latency
  unsigned repetitions = 5;
  double rate = 0;  ///< calls a second of all threads together, at stated instants; 0: as fast as it goes
  bool pinned = true;
  std::uint64_t seed = 1;
  // Of stress:
  unsigned calls = 100;  ///< of each thread in a round, at most
  double delays = 0;     ///< share of the delay sites of a round where threads are held up; 0: nowhere
  /// Code of the plugin where a campaign found threads worth switching: in every other round they are held up there
  /// alone. Sorted, none overlaps another.
  std::vector<CodeRange> places;
  std::string directory;  ///< where the rounds are recorded, as round-N.mqrec
};

/// A map of a plugin.
struct RealMap {
  std::string name, key_type, value_type;
  OpMask operations = 0;
  Claims claims;  ///< without the texts
};

/// A call that took long, with what its thread did in it and the kernel counted of it.
struct SlowCall {
  std::uint64_t begin_ns = 0, end_ns = 0;  ///< since the measurement began
  unsigned thread = 0;
  OpKind kind = OpKind::find;
  std::int64_t key = 0;
  std::uint64_t allocations = 0, bytes = 0, largest = 0;     ///< largest: the greatest single allocation, in bytes
  std::uint64_t waited = 0, preempted = 0, page_faults = 0;  ///< voluntary and involuntary switches of context
};

/// Is what a call allocated, `largest` bytes at once, a growth of the map rather than a node or two?
constexpr bool allocates_much(std::uint64_t largest, std::uint64_t allocations) {
  return largest >= 4096 || allocations >= 64;
}

/// A call that allocated much: the map grew, was copied or rebuilt.
struct Growth {
  std::uint64_t begin_ns = 0, end_ns = 0;
  unsigned thread = 0;
  OpKind kind = OpKind::find;
  std::uint64_t bytes = 0, largest = 0;
};

/// In nanoseconds.
struct Latency {
  std::uint64_t p50 = 0, p99 = 0, p999 = 0, max = 0;
};

/// Hardware's counts, of all calls of the throughput measurement.
struct Counters {
  double instructions = 0, cycles = 0, cache_misses = 0;
  std::string refused;  ///< why there are none; empty: there are
};

/// One of a bench's.
struct Repetition {
  std::uint64_t operations = 0;
  double seconds = 0;
  Latency raw, corrected;
  double allocations = 0, allocated_bytes = 0;  ///< each for all operations together
  Counters counters;
  std::uint64_t errors = 0;  ///< calls that ended with an exception or a refusal
  std::uint64_t waited = 0, preempted = 0, page_faults = 0;
  std::vector<SlowCall> slow;   ///< the slowest, slowest first
  std::vector<Growth> growths;  ///< the greatest, by begin
  std::uint64_t growth_count = 0;

  double rate() const { return seconds > 0 ? static_cast<double>(operations) / seconds : 0; }
};

/// Of the stress preset.
struct PresetRun {
  std::uint64_t operations = 0;
  double seconds = 0;
  std::uint64_t live = 0;
};

/// One line that the driver writes.
struct Message {
  std::vector<RealMap> maps = {};             ///< describe
  std::optional<Repetition> repetition = {};  ///< bench
  std::optional<PresetRun> preset = {};       ///< preset
  std::optional<std::uint64_t> round = {};    ///< stress: this round is recorded
  std::string error = {};                     ///< what the user should know, after which the driver ends
};

std::string encode(const Job& job);
std::string encode(const Message& message);
/// Empty where the text is none of ours.
std::optional<Job> decode_job(const std::string& text);
std::optional<Message> decode_message(const std::string& text);

/// The descriptor on which the driver writes its messages, and from which it reads that it may go on (stress).
inline constexpr int message_descriptor = 3;
inline constexpr int permit_descriptor = 4;

}  // namespace mapquake::real
