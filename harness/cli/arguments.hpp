// The command line as values.
#pragma once

#include "harness/base/result.hpp"
#include "harness/campaign/options.hpp"
#include "harness/campaign/proof.hpp"
#include "harness/case/executor.hpp"
#include "harness/compile/builder.hpp"
#include "harness/recorded/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mapquake::cli {

enum class Format : std::uint8_t { text, json, html, markdown, junit, sarif, prometheus, trace };

/// Which maps and programs.
struct MapArguments {
  std::vector<std::string> names;     ///< of maps: names and globs
  std::vector<std::string> programs;  ///< of programs, alike
  std::vector<std::filesystem::path> plugins;
  compile::Request build;  ///< sources to make a plugin of first; none: there is nothing to build

  /// Then all of the plugins are meant, or all bundled ones.
  bool names_nothing() const { return names.empty() && programs.empty(); }
};

struct ListArguments {
  MapArguments maps;
  bool json = false;
  bool faults = false;     ///< the kinds of fault, and the points that the maps declare
  bool incidents = false;  ///< the incidents instead
};

struct RunArguments {
  MapArguments maps;
  bool all = false;
  std::vector<std::string> scenarios;
  std::filesystem::path case_file;   ///< whose program alone is searched; then no scenarios are named
  std::vector<std::string> threads;  ///< the same as text, one for each thread
  CampaignOptions campaign;
  Limits limits;
  Format format = Format::text;
  std::filesystem::path out;  ///< empty: standard output
  bool json = false;
  bool expected = false;
  std::vector<std::filesystem::path> suppressions;  ///< files
  bool sweep = false;                               ///< the scenarios that sweep failures, and those that are named
  std::vector<std::string> incidents;               ///< ids, files or "all"; then no maps are named
  bool time_given = false;                          ///< campaign.seconds was asked for and is not the default
};

struct ProveArguments {
  std::filesystem::path replay;  ///< whose program is meant; then no maps are named
  MapArguments maps;
  ProofBounds bounds;
  std::filesystem::path store = "out";
  bool json = false;
};

/// `run` holds the selection and what both share; its campaign.seconds 0: no limit.
struct FuzzArguments {
  RunArguments run;
  std::uint64_t executions_max = 0;      ///< of all together; 0: none
  double quiet_seconds = 0;              ///< 0: goes on without news
  std::optional<unsigned> canary_tries;  ///< of each; empty: as there is time for
};

struct StatusArguments {
  std::filesystem::path store;
  bool json = false;
};

struct MergeArguments {
  std::vector<std::filesystem::path> stores;
  std::filesystem::path into;
};

struct BisectArguments {
  std::filesystem::path file;  ///< a replay file
  std::string good;            ///< revisions of git
  std::string bad;
  std::string build;             ///< for the shell, in each revision's tree; may be empty
  std::filesystem::path plugin;  ///< that it makes, seen from there
  compile::Request request;      ///< or sources, likewise
  bool json = false;
};

struct CorpusArguments {
  std::vector<std::filesystem::path> files;  ///< replay files (.toml), or bytes of a fuzzing engine (all others)
  std::filesystem::path into;
  std::string map;               ///< of bytes
  std::filesystem::path plugin;  ///< that has it; empty: bundled, or as the replay file says
};

struct ReplayArguments {
  std::filesystem::path file;
  std::filesystem::path plugin;  ///< instead of the one that the file names
  std::uint64_t times = 1;
  bool nearest = false;
  bool json = false;
  std::filesystem::path emit_gtest;
  std::filesystem::path emit_cpp;
  bool gdb = false;
  std::uint64_t step = 0;                  ///< of the report, where gdb stops first; 0: the last operation's first
  std::vector<std::string> gdb_arguments;  ///< more of them
};

struct ShrinkArguments {
  std::filesystem::path file;
  std::filesystem::path plugin;
  bool nearest = false;
  double seconds = 60;
  std::uint64_t seed = 0;
  std::filesystem::path out;  ///< empty: next to the file
};

struct ExplainArguments {
  std::filesystem::path file;
  std::filesystem::path plugin;
  bool nearest = false;
  Format format = Format::text;
  std::filesystem::path out;
};

struct ReportArguments {
  std::filesystem::path file;  ///< a document, or a store that has one
  Format format = Format::text;
  std::filesystem::path out;  ///< empty: standard output
};

struct BuildArguments {
  compile::Request request;
  std::filesystem::path out;  ///< empty: NAME.so here, after the first source
  bool commands = false;      ///< only show them
};

/// A recorded history, and what it is held to.
struct LogArguments {
  std::string file;  ///< "-": the standard input
  recorded::BadLines bad_lines = recorded::BadLines::refuse;
  std::string claims;            ///< recorded/claims_text.hpp
  std::string claims_of;         ///< or those of this map
  std::filesystem::path plugin;  ///< that has it; empty: bundled
  bool starts_empty = false;
};

struct CheckArguments {
  LogArguments log;
  std::uint64_t show = 3;
  bool json = false;
};

struct ImportArguments {
  LogArguments log;
  std::string map;  ///< that is to fail; empty: the file says where to put its name
  /// The calls to take, first and last line; empty: those that contradict each other.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> lines;
  double search_seconds = 0;  ///< for a schedule with the recorded answers; 0: none is looked for
  std::filesystem::path store = "out";
  std::filesystem::path out;  ///< empty: LOG-incident.toml here
};

/// One point is measured for each map, thread count, write share, key distribution and value size.
struct BenchArguments {
  MapArguments maps;
  std::string preset;             ///< or "all"; then no maps are named
  std::vector<unsigned> threads;  ///< empty: as each preset has it, else one and one for each processor
  std::vector<double> write_percents{10};
  std::vector<std::string> keys{"uniform"};  ///< real::Keys
  std::vector<unsigned> value_bytes;         ///< of maps with a SizedValue; empty: 8
  std::uint64_t key_count = 10'000;
  std::uint64_t prefill = UINT64_MAX;  ///< above key_count: all keys
  double seconds = 0.5;
  double warm_up_seconds = 0.1;
  std::uint64_t repetitions = 5;
  double rate = 0;
  bool free_threads = false;  ///< not pinned
  std::uint64_t seed = 1;
  std::uint64_t slow = 3;  ///< slow calls shown of each point
  bool json = false;
  std::filesystem::path html;
};

struct StressArguments {
  MapArguments maps;
  unsigned threads = 3;
  std::uint64_t calls = 40;  ///< of each thread in a round
  std::uint64_t keys = 64;   ///< at most
  std::uint64_t seed = 1;
  double delays = 1;  ///< as a factor; 0: none
  double seconds = 10;
  double hang_seconds = 10;
  std::filesystem::path out = "out";
  std::filesystem::path store = "out";  ///< of campaigns whose places are favoured
  bool json = false;
};

struct HelpArguments {
  std::string topic;
  bool man = false;  ///< the manual page of the command
};

enum class Shell : std::uint8_t { bash, zsh, fish };

struct CompletionArguments {
  Shell shell = Shell::bash;
};

/// Text to print as it is: --help and --version.
struct PrintArguments {
  std::string text;
};

using Arguments = std::variant<ListArguments, RunArguments, FuzzArguments, StatusArguments, MergeArguments,
                               BisectArguments, CorpusArguments, ReplayArguments, ShrinkArguments, ExplainArguments,
                               ReportArguments, BuildArguments, CheckArguments, ImportArguments, ProveArguments,
                               BenchArguments, StressArguments, HelpArguments, CompletionArguments, PrintArguments>;

/// Errors: usage, with the nearest right spelling where there is one. Checks spelling and ranges only; whether maps,
/// scenarios and files exist is for the commands to find out.
Result<Arguments> parse_arguments(int argc, const char* const* argv);

}  // namespace mapquake::cli
