#include "harness/cli/examples.hpp"

#include "harness/cli/describe.hpp"
#include "harness/cli/formats.hpp"
#include "harness/cli/real_help.hpp"
#include "harness/cli/recorded_help.hpp"
#include "harness/compile/builder.hpp"
#include "harness/history/budget.hpp"
#include "harness/history/outcome.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace mapquake::cli {
namespace {

/// For the compiler that would be used; where there is none, for g++.
std::string commands_for(const char* source, const Environment& environment) {
  const std::filesystem::path headers = compile::headers_for(environment.executable);
  const auto text = compile::commands_text({{source}, {}}, headers);
  if (!text) return "  (no compiler: " + text.error().what + ")\n";
  std::string indented;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = text->find('\n', at);
    indented += "  " + text->substr(at, end - at) + '\n';
    at = end + 1;
  }
  return indented;
}

std::string adapter_text(const Environment& environment) {
  return fmt::format(R"(An adapter tells mapquake how to use your map: its type, what it claims, its operations.

  // my_map_adapter.cpp
  #include <mapquake/adapter.hpp>
  #include "my_map.hpp"

  struct MyMapAdapter {{
    static constexpr mapquake::Claims claims{{
        .concurrent_use = mapquake::ConcurrentUse::all_operations,
        .iteration = mapquake::Iteration::weakly_consistent,
    }};
    bool insert(mapquake::Key k, mapquake::Value v) {{ return map_.insert(k, v); }}
    std::optional<mapquake::Value> find(mapquake::Key k) const {{ return map_.get(k); }}
    bool erase(mapquake::Key k) {{ return map_.remove(k); }}
   private:
    MyMap<mapquake::Key, mapquake::Value> map_;
  }};
  MAPQUAKE_MAP("my_map", MyMapAdapter);

Operations that it does not declare are left out of the programs. From this file to a verdict:

  mapquake run my_map_adapter.cpp --time 60s

Flags for the compiler follow "--": -- -Iinclude -O2 (mapquake help build). In CMake, after
find_package(mapquake REQUIRED):

  mapquake_add_map(my_map SOURCES my_map_adapter.cpp)

By hand, two commands do the same, and `mapquake run --plugin ./my_map_adapter.so` the rest:

{})",
                     commands_for("my_map_adapter.cpp", environment));
}

std::string build_text() {
  return R"(`mapquake build FILE… [-- FLAG…]` makes a plugin, NAME.so, of C++ and C sources. `mapquake run FILE… [-- FLAG…]` does
the same in its cache, and runs what is in it:

  - maps that the sources register with MAPQUAKE_MAP (mapquake help adapter),
  - programs: those of MAPQUAKE_PROGRAM, and a main() as it is, under the name of the first source,
  - the bodies of explore() and check() in tests (<mapquake/explore.hpp>, <mapquake/gtest.hpp>).

  mapquake run my_map_adapter.cpp --time 60s
  mapquake run queue_test.cpp -- -Iinclude -std=c++23
  mapquake build main.c ring.c --out ring.so -- -DNDEBUG -O2

The compilers are $CXX and $CC, else g++ and gcc; gcc and clang are known. They see what CMake's functions set
(mapquake_add_map, …) and then your flags; libraries (-l, -L, -Wl, .a, .so) go to the linker alone. All code of the map
belongs to the sources or headers: what is linked from elsewhere is not instrumented, and seen only where it calls libc.
`--commands` prints the commands.

What has been compiled is kept in $MAPQUAKE_CACHE (default: ~/.cache/mapquake) by the content of the sources, of all that
they include, of the flags and of the compiler. Replay files name plugins there; without them, the directory may be removed.
)";
}

std::string outcomes_text(const Environment& environment) {
  std::string text = "How an execution can end. Which of them a map can be held to follows from its claims.\n\n";
  for (unsigned i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    const std::string name = "  " + reports::padded(std::string(mapquake::name_of(outcome)), 28);
    text += reports::wrapped(name, sentence_for(outcome), environment.columns);
  }
  return text;
}

std::string budgets_text(const Environment& environment) {
  std::string text =
      "What operations may use (--budget, repeatable; claims; scenarios): [OPERATION.][STATISTIC_]FIGURE=NUMBER.\n"
      "Without an operation, every kind is held to it; without a statistic, the greatest value of one execution "
      "counts.\n"
      "Counted in steps and virtual time, so the verdict is the same on every machine.\n\nFigures\n";
  for (unsigned i = 0; i < figure_count; ++i) {
    const auto figure = static_cast<Figure>(i);
    const std::string name = "  " + reports::padded(std::string(mapquake::name_of(figure)), 17);
    text += reports::wrapped(name, std::string(sentence_for(figure)), environment.columns);
  }
  text += "\nStatistics, over the calls of one kind in one execution:";
  for (unsigned i = 0; i < statistic_count; ++i) {
    text += (i == 0 ? " " : ", ") + std::string(mapquake::name_of(static_cast<Statistic>(i)));
  }
  return text + "\n\n  mapquake run --map rwlock_map --budget find.max_allocations=0 --budget p99_steps=200\n";
}

std::string strategies_text(const Environment& environment) {
  std::string text = "How the next thread is chosen where several could run (--strategy).\n\n";
  for (const StrategyInfo& strategy : strategies()) {
    const std::string name = "  " + reports::padded(std::string(strategy.name), 8);
    text += reports::wrapped(name, strategy.about, environment.columns);
  }
  return text;
}

std::string scenarios_text(const Environment& environment) {
  std::string text =
      "What the threads do (--scenario). A campaign leaves out what a map does not claim; a scenario that you name is\n"
      "run all the same, with a note, and what it finds is a failure.\n\n";
  std::size_t width = 0;
  for (const Scenario* scenario : environment.scenarios) width = std::max(width, scenario->name().size());
  for (const Scenario* scenario : environment.scenarios) {
    const std::string name = "  " + reports::padded(std::string(scenario->name()), width + 2);
    text += reports::wrapped(name, scenario->about(), environment.columns);
  }
  return text + "\nSizes are options: --threads, --ops, --keys, --prefill, --write-percent, --hash.\n";
}

std::string formats_text(const Environment& environment) {
  std::string text =
      "What `run`, `explain` and `report` can write (--format). `run` also leaves the document of its campaign in its\n"
      "store, as campaign.json, so that any of these can be made of it later.\n\n";
  for (const FormatInfo& info : formats()) {
    text += reports::wrapped("  " + reports::padded(info.name, 12), info.about, environment.columns);
  }
  return text + R"(
  mapquake report out --format html --out report.html      the last campaign whose store is out/
  mapquake run --map my_map --format junit --out junit.xml  text on the terminal, the report in the file
  mapquake explain out/FILE.toml --format markdown          one failure, for an issue
)";
}

std::string exit_codes_text() {
  return R"(  0    clean: no failure found; with --expected, every map did what its adapter expects
  1    a failure was found and saved; replay: the stored failure happened again
  2    only unknown or nondeterministic results
  3    fuzz: nothing failed, but seeded defects were not found either: the search is blind
  64   usage: an unknown map, scenario or option
  65   a replay file or plugin that cannot be used
  70   a bug in mapquake itself
  74   input or output failed, such as a store that cannot be written
  130  interrupted (Ctrl-C) with nothing found
  143  terminated (SIGTERM) with nothing found
)";
}

}  // namespace

std::string examples_for(std::string_view command) {
  if (command == "bench") return bench_examples();
  if (command == "stress") return stress_examples();
  if (command == "run") {
    return R"(Examples:
  mapquake run --map rwlock_map --time 10s
      ten seconds of every scenario that the map claims
  mapquake run my_map_adapter.cpp -- -Iinclude
      your own map, or a program or test: builds it and searches it
  mapquake run --plugin ./my_map.so --scenario rehash-pressure --executions 100000 --seed 7
      a plugin that you built; the same command finds the same failures with any --jobs
  mapquake run --map std_unordered_map --scenario iterate-while-writing --time 10s
      what happens when a map is used in a way that it does not claim
  mapquake run --all --expected --time 60s
      every bundled map; exit 0 if each does what is known of it
  mapquake run my_map_adapter.cpp --thread 'insert 3 30; erase 1' --thread 'find 1; insert 4 40' --prefill 2
      one program of yours, under every hazard; --case FILE.toml takes that of a file
  mapquake run --incident I12
      an incident of a post-mortem: the broken maps fail as told, the defences hold)";
  }
  if (command == "prove") {
    return R"(Examples:
  mapquake prove --map rwlock_map --preemptions 2
      a table of all pairs of operations: proven clean, failing or undecided
  mapquake prove out/my_map-mixed-operations-91c2.toml
      every interleaving of the program of a stored failure, once the map is repaired
  mapquake prove litmus.cpp --memory-model c11
      your own program, with every value that an atomic load may read)";
  }
  if (command == "report") {
    return R"(Examples:
  mapquake report out
      what the last campaign with the store out/ found
  mapquake report out --format html --out report.html
      one page: a table of the cells, and each failure as a timeline to step through
  mapquake report out --format sarif --out mapquake.sarif
      for code scanning; junit, markdown and prometheus alike (mapquake help formats))";
  }
  if (command == "fuzz") {
    return R"(Examples:
  mapquake fuzz --plugin ./my_map.so --store nightly --time 8h
      the same command every night: known failures first (still failing, changed, fixed), then new seeds, what was
      explored least and pays most first; one file per defect; exit 1 if anything fails, 0 if nothing does
  mapquake fuzz --all --expected --store nightly --until-quiet 10m
      until nothing new has come up for ten minutes
  mapquake fuzz --map rwlock_map --store nightly --time 8h --shard auto/8
      one of eight machines; afterwards: mapquake merge store-* --into nightly
Ctrl-C and SIGTERM end it within two seconds, and nothing is lost by kill -9 either: run it again and it goes on.
A known failure stays a failure until it is fixed or in --suppressions (signature:…).)";
  }
  if (command == "status") {
    return R"(Examples:
  mapquake status nightly
      runs, distinct defects (first and last seen, open or fixed), each map, and what has not run
  mapquake status nightly --json | jq '.maps[] | select(.standing == "not run").map'
      for scripts)";
  }
  if (command == "merge") {
    return R"(Examples:
  mapquake merge machine-1 machine-2 --into nightly
      of each defect the smallest case, of each run its figures once; the order does not matter, and doing it twice
      changes nothing)";
  }
  if (command == "corpus") {
    return R"(Examples:
  mapquake corpus nightly/*.toml --into seeds
      what a store knows, as inputs for libFuzzer and AFL++ to start from
  mapquake corpus crash-91c2 --map my_map --plugin ./my_map.so --into out
      an input that fails, as a replay file; exit 1 if one fails, 0 if all end clean)";
  }
  if (command == "bisect") {
    return R"(Examples:
  mapquake bisect out/FILE.toml --good v1.2 --bad HEAD my_map_adapter.cpp -- -Iinclude
      builds the adapter at commits between, replays the failure, and names the one that brought it
  mapquake bisect out/FILE.toml --good v1.2 --bad HEAD --build 'cmake -B b && cmake --build b' --plugin b/my_map.so
      with a build of your own; commits that do not build are left out
Works in a tree of its own (git worktree): yours stays as it is. A commit passes if neither the schedule of the file nor
1,000 others of its program fail. Exit 0: one commit; 2: one of several, which could not all be tested.)";
  }
  if (command == "build") {
    return R"(Examples:
  mapquake build my_map_adapter.cpp
      my_map_adapter.so, for `mapquake run my_map_adapter.so`; `mapquake run my_map_adapter.cpp` does both
  CXX=clang++ mapquake build main.cpp queue.cpp --out queue.so -- -Iinclude -O2 -lrt
      another compiler; what follows "--" is for it)";
  }
  if (command == "replay") {
    return R"(Examples:
  mapquake replay out/my_map-rehash-pressure-91c2.toml
      exit 1 if the failure happens again, 0 if the map is repaired
  mapquake replay FILE --times 1000
      the same execution a thousand times: one trace hash
  mapquake replay FILE --emit-gtest lost_key_test.cpp
  mapquake replay FILE --emit-cpp lost_key.cpp
      a regression test for your own tree
  mapquake replay FILE --gdb
      in gdb, at the first step of the last operation; `help mapquake` there lists what it can do
  mapquake replay FILE --gdb --step 6 -- -batch -ex 'mapquake threads'
      at step 6 of the report, with options for gdb)";
  }
  if (command == "completion") {
    return R"(Examples:
  mapquake completion bash > ~/.local/share/bash-completion/completions/mapquake
  mapquake completion zsh > ~/.zfunc/_mapquake
      with ~/.zfunc in $fpath before compinit
  mapquake completion fish > ~/.config/fish/completions/mapquake.fish
Names of bundled maps, programs and incidents are those of this installation. Debian's package brings all three.)";
  }
  if (command == "check") return check_examples();
  if (command == "import") return import_examples();
  return R"(Start with:
  mapquake list                                 what there is
  mapquake run --map rwlock_map --time 10s      search for failures
  mapquake run my_map_adapter.cpp               the same for your own map: build it and search
  mapquake fuzz --all --store nightly --time 8h the same, night after night: goes on where the last one ended
  mapquake replay out/FILE.toml                 repeat one exactly
  mapquake explain out/FILE.toml                see how it happened
  mapquake report out --format html --out r.html  everything as one page
  mapquake check LOG                            is a recorded history possible?
  mapquake import LOG --map NAME                from what contradicts there to a search
  mapquake help adapter                         how to write that file
Topics of `mapquake help`: adapter, build, outcomes, budgets, strategies, scenarios, formats, recorded, exit-codes)";
}

std::vector<std::string> help_topics() {
  return {"adapter", "build", "outcomes", "budgets", "strategies", "scenarios", "formats", "recorded", "exit-codes"};
}

std::string help_text(std::string_view topic, const Environment& environment) {
  if (topic == "adapter") return adapter_text(environment);
  if (topic == "build") return build_text();
  if (topic == "outcomes") return outcomes_text(environment);
  if (topic == "budgets") return budgets_text(environment);
  if (topic == "strategies") return strategies_text(environment);
  if (topic == "scenarios") return scenarios_text(environment);
  if (topic == "formats") return formats_text(environment);
  if (topic == "recorded") return recorded_text();
  if (topic == "exit-codes") return exit_codes_text();
  return {};
}

}  // namespace mapquake::cli
