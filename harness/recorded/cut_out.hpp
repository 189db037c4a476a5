// From a contradiction in a log to a small program that can be run under a scheduler: the calls that contradict each
// other, the calls beside them that may have caused it, and what was in the map before.
#pragma once

#include "harness/recorded/check.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mapquake::recorded {

inline constexpr std::size_t cut_out_calls_max = 24;    ///< more make the search slow
inline constexpr std::size_t cut_out_prefill_max = 64;  ///< entries before

/// Which calls besides the contradicting ones.
enum class Breadth : std::uint8_t {
  contradiction,  ///< none
  key,            ///< those on the same key that overlap them or wrote what they saw
  all,            ///< those on other keys, too
};

/// Stands for a sleep, which is in no log.
inline constexpr std::uint32_t no_row = UINT32_MAX;

struct CutOut {
  struct Key {
    std::int64_t number;    ///< in the program
    std::uint32_t log_key;  ///< in Log::keys
  };

  Program program;
  std::vector<std::uint32_t> rows;     ///< that are in it, by start
  std::vector<Key> keys;               ///< in the order in which the program needed them
  std::vector<std::uint32_t> threads;  ///< log threads, by the program's
  /// By thread and operation of the program: the row, or no_row; and what its answer is called in the program, where it
  /// is a value.
  std::vector<std::vector<std::uint32_t>> row_of;
  std::vector<std::vector<std::int64_t>> answer_of;
};

/// Keys are renamed 1, 2, … and texts among the values 1001, 1002, …; equal stay equal, integer values stay as they
/// are. Where the log tells hashes or shards and two keys share one, the program's hash is `few` and keys are numbered
/// so that those which share one collide; of more than four, some that do not share one collide, too.
/// In it are the contradicting calls; then, as `breadth` has it, those that wrote a value that these saw, and
/// those that overlap them in time, nearest first, until it is full. Entries that the log shows to have been there
/// before the first of these calls are the prefill. Where every earlier call had returned before the next one started,
/// a phase ends: the threads sleep a virtual millisecond for each, so that what was over in the log is over here.
/// Requires: the contradiction is on a key of the log. Cost: a few passes over the rows.
CutOut cut_out(const Log& log, const Contradiction& found, Breadth breadth = Breadth::all);

/// The same of calls that somebody chose. Requires: 1 to cut_out_calls_max rows.
CutOut cut_out_rows(const Log& log, std::vector<std::uint32_t> rows);

/// Which calls to take where nothing contradicts: those that had not returned when the log ends, latest first, with
/// those beside them; where all returned, those of the moment at which most were open. At most cut_out_calls_max, none
/// only of a log without calls. Cost: sorts the rows.
std::vector<std::uint32_t> telling_rows(const Log& log);

}  // namespace mapquake::recorded
