// The commands of campaigns that last: fuzz, status, merge, bisect.
#include "harness/cli/examples.hpp"
#include "harness/cli/parse_parts.hpp"

#include <algorithm>
#include <memory>

namespace mapquake::cli {
namespace {

void add_fuzz(CLI::App& root, Arguments& chosen) {
  auto fuzz = std::make_shared<FuzzArguments>();
  auto run = std::make_shared<RunArguments>();
  CLI::App& app = *root.add_subcommand(
      "fuzz", "Search night after night: replay what is known, then go on where the last one ended");
  add_search(app, run);
  run->campaign.seconds = 0;
  app.add_option("--store", run->campaign.store, "What is known and where the campaign stands (docs/nightly.md)")
      ->required()
      ->type_name("DIR");
  add_duration(app, "--time", run->campaign.seconds,
               "At most so long, replaying included: 8h, 20m (default: no limit)");
  app.add_option("--executions", fuzz->executions_max, "End after so many new ones, over all maps and scenarios")
      ->type_name("N")
      ->check(in_range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000'000}));
  add_duration(app, "--until-quiet", fuzz->quiet_seconds, "End once nothing new was covered or found for so long");
  app.add_option(
         "--canaries", fuzz->canary_tries,
         "Look so often for each seeded defect that the search must find; 0: not (default: about 2% of the time)")
      ->type_name("N")
      ->check(in_range(0u, 1000u));
  app.add_flag("--json", run->json, "Print one JSON line at the end, nothing else");
  app.footer(examples_for("fuzz"));
  app.callback([&chosen, fuzz, run] {
    fuzz->run = *run;
    chosen = *fuzz;
  });
}

void add_status(CLI::App& root, Arguments& chosen) {
  auto status = std::make_shared<StatusArguments>();
  CLI::App& app = *root.add_subcommand("status", "Where a campaign stands: runs, defects, maps, and what has not run");
  app.add_option("DIR", status->store, "The directory that `fuzz --store` or `run --store` named")
      ->required()
      ->type_name("");
  app.add_flag("--json", status->json, "One JSON document");
  app.footer(examples_for("status"));
  app.callback([&chosen, status] { chosen = *status; });
}

void add_merge(CLI::App& root, Arguments& chosen) {
  auto merge = std::make_shared<MergeArguments>();
  CLI::App& app = *root.add_subcommand("merge", "Join stores of several machines: each defect and each run once");
  app.add_option("DIR", merge->stores, "Stores to read; they stay as they are")->take_all()->required()->type_name("");
  app.add_option("--into", merge->into, "The store to add them to; made where there is none")
      ->required()
      ->type_name("DIR");
  app.footer(examples_for("merge"));
  app.callback([&chosen, merge] { chosen = *merge; });
}

void add_bisect(CLI::App& root, Arguments& chosen) {
  auto bisect = std::make_shared<BisectArguments>();
  CLI::App& app = *root.add_subcommand("bisect", "Which commit of a git repository brought a stored failure");
  app.add_option("FILE", bisect->file, "A replay file")->required()->type_name("");
  auto* const sources = add_sources(app, "SOURCE", bisect->request, "Sources to make the plugin of, at each commit");
  app.add_option("--good", bisect->good, "A revision without the failure")->required()->type_name("REV");
  app.add_option("--bad", bisect->bad, "A revision with it")->required()->type_name("REV");
  app.add_option("--build", bisect->build,
                 "Command for the shell that builds a commit; where it fails, the next is taken")
      ->type_name("CMD");
  auto* const plugin = app.add_option("--plugin", bisect->plugin, "The plugin that this leaves, seen from here");
  plugin->type_name("FILE.so")->excludes(sources);
  app.add_flag("--json", bisect->json, "Print one JSON line at the end, nothing else");
  app.footer(examples_for("bisect"));
  app.callback([&chosen, bisect] {
    if (bisect->request.sources.empty() && bisect->plugin.empty()) {
      throw CLI::ValidationError("neither sources nor the --plugin that --build makes are named");
    }
    if (bisect->plugin.is_absolute()) throw CLI::ValidationError("--plugin is seen from here, in each commit's tree");
    chosen = *bisect;
  });
}

void add_corpus(CLI::App& root, Arguments& chosen) {
  auto corpus = std::make_shared<CorpusArguments>();
  CLI::App& app = *root.add_subcommand(
      "corpus", "Between replay files and the bytes that libFuzzer and AFL++ work on (docs/fuzzing-engines.md)");
  app.add_option("FILE", corpus->files, "Replay files (.toml) become bytes; bytes that fail become replay files")
      ->take_all()
      ->required()
      ->type_name("");
  app.add_option("--into", corpus->into, "The directory to write to; made where there is none")
      ->required()
      ->type_name("DIR");
  app.add_option("--map", corpus->map, "The map that bytes are for")->type_name("NAME");
  app.add_option("--plugin", corpus->plugin, "That has it (default: bundled, or as the replay file says)")
      ->type_name("FILE.so");
  app.footer(examples_for("corpus"));
  app.callback([&chosen, corpus] {
    const auto is_replay = [](const std::filesystem::path& file) { return file.extension() == ".toml"; };
    if (corpus->map.empty() && !std::ranges::all_of(corpus->files, is_replay)) {
      throw CLI::ValidationError("files that are no replay files need the --map that they are for");
    }
    chosen = *corpus;
  });
}

}  // namespace

void add_nightly(CLI::App& root, Arguments& chosen) {
  add_fuzz(root, chosen);
  add_status(root, chosen);
  add_merge(root, chosen);
  add_bisect(root, chosen);
  add_corpus(root, chosen);
}

}  // namespace mapquake::cli
