// One failure as one small text file (TOML) that a person can read, edit and compare. docs/replay-format.md.
#pragma once

#include "harness/base/result.hpp"
#include "harness/case/minimality.hpp"
#include "harness/history/outcome.hpp"
#include "harness/history/program.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake {

inline constexpr int replay_format = 1;
inline constexpr std::size_t replay_file_bytes_max = 64u << 20;
inline constexpr std::size_t replay_choices_max = 1u << 20;
inline constexpr std::size_t replay_name_bytes_max = 200;   ///< map, scenario, label, build, event
inline constexpr std::size_t replay_text_bytes_max = 4096;  ///< plugin, why, place
inline constexpr ThreadId replay_thread_max = 128;          ///< threads that the map starts included

/// A choice under its portable address: `at` is "A.1 load my_map.hpp:88 #2" (thread, operation from 1, event kind,
/// place, which of the events with that thread, operation, kind and place).
struct StoredChoice {
  ThreadId thread = 0;
  OpIndex op = 0;          ///< from 0 here, from 1 in the text
  std::string event;       ///< "load", "lock", … or "begin"
  std::string place;       ///< "my_map.hpp:88", "?" where unknown
  std::uint32_t nth = 1;   ///< from 1
  std::uint32_t step = 0;  ///< Choice::event on the build that wrote the file; a hint, 0 if absent
  ChoiceKind kind = ChoiceKind::schedule;
  std::uint32_t take = 0;  ///< schedule: the thread (text: its name); others: the number
  friend bool operator==(const StoredChoice&, const StoredChoice&) = default;
};

struct ReplayFile {
  std::string map;
  std::string plugin;  ///< path of the plugin file, empty for bundled maps
  std::string scenario;
  Outcome outcome = Outcome::clean;
  std::string label;
  std::string signature;  ///< 16 hex digits
  std::uint64_t trace_hash = 0;
  std::string build;       ///< identifies plugin and harness binaries; trace_hash is comparable only where it is equal
  std::uint64_t seed = 0;  ///< of the execution that found it
  std::uint64_t executions_to_failure = 0;
  double shrink_seconds = 0;
  std::uint64_t shrink_runs = 0;
  Minimality minimality = Minimality::best_so_far;
  std::uint64_t removals_checked = 0;          ///< see ShrinkResult
  std::string why;                             ///< the contradiction, for readers
  MemoryModel memory_model = MemoryModel::sc;  ///< c11 where a choice is a stale read
  Program program;
  std::vector<StoredChoice> choices;
  ScenarioOptions options;  ///< with which the scenario generated the program; for scenario files
  bool by_hand = false;     ///< Not stored. Read from a file without a checksum.
  /// Not stored. Filled by parse_replay with allow_edited: "NAME:LINE: reason" of each choice that does not fit the
  /// program and was left out (the first few; then one line with the number of others).
  std::vector<std::string> left_out;
};

/// A replay is a scenario whose choices are pinned. A file with neither an outcome nor choices is a scenario file: a
/// program, or the name of a scenario with options, written by hand, for any map where `map` is empty.
bool is_pinned(const ReplayFile& file);

/// The text of the file, ending in a line `checksum = "…"` over all that stands before it. Deterministic. Texts are
/// made safe first (UTF-8, no control characters, within the limits above), so that parse_replay reads whatever a
/// map's message put there. Requires: counts within the limits, map and program present where is_pinned(file).
std::string to_toml(const ReplayFile& file);

/// Reads text written by to_toml, by hand, or by an enemy. Bounded: refuses more than the limits above and those of
/// program.hpp before allocating. Errors have code bad_input and a `what` of the form "NAME:LINE: reason". Requires
/// nothing of `text`. A wrong checksum is an error, and a missing one where the file has what only a campaign writes
/// (signature, trace_hash, build: it was cut off), unless `allow_edited`, which also leaves out choices
/// that name a thread or operation that the program does not have (see ReplayFile::left_out) instead of refusing.
Result<ReplayFile> parse_replay(std::string_view text, std::string_view name, bool allow_edited);

/// Reads the file, at most replay_file_bytes_max. Errors: input_output or bad_input.
Result<ReplayFile> load_replay(const std::filesystem::path& path, bool allow_edited);

/// Writes crash-safely: temporary file in the same directory, fsync, rename, fsync of the directory. Creates the
/// directory. Two writers of one name never mix: the later one wins whole. Errors: input_output.
Result<Done> save_replay(const ReplayFile& file, const std::filesystem::path& path);

/// "my_map-rehash-pressure-91c2a7e0.toml": map, scenario and the first eight digits of the signature (of signature_of
/// where it is empty), made safe for a file name.
std::string file_name_for(const ReplayFile& file);

}  // namespace mapquake
