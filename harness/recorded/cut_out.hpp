// From a contradiction in a log to a small program that can be run under a scheduler: the calls that contradict each
// other, the calls beside them that may have caused it, and what was in the map before.
#pragma once

#include "harness/recorded/check.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
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

struct CutOut {
  Program program;
  std::vector<std::uint32_t> rows;     ///< that are in it, by start
  std::vector<std::uint32_t> keys;     ///< log keys by the program's keys: the first is 1
  std::vector<std::uint32_t> threads;  ///< log threads, by the program's
  /// By thread and operation of the program: the row; and what its answer is called in the program, where it is a
  /// value.
  std::vector<std::vector<std::uint32_t>> row_of;
  std::vector<std::vector<std::int64_t>> answer_of;
};

/// Keys are renamed 1, 2, … and texts among the values 1001, 1002, …; equal stay equal, integer values stay as they
/// are. In it are the contradicting calls; then, as `breadth` has it, those that wrote a value that these saw, and
/// those that overlap them in time, nearest first, until it is full. Entries that the log shows to have been there
/// before the first of these calls are the prefill. Requires: the contradiction is on a key of the log. Cost: a few
/// passes over the rows.
CutOut cut_out(const Log& log, const Contradiction& found, Breadth breadth = Breadth::all);

/// The incident file (docs/incidents.md) that asks `map` for this failure. `source` is the log's name.
std::string incident_text(const Log& log, const Contradiction& found, const CutOut& cut, std::string_view map,
                          std::string_view source);

}  // namespace mapquake::recorded
