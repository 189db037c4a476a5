#include "harness/case/fault_names.hpp"
#include "harness/cli/arguments.hpp"
#include "harness/cli/duration.hpp"
#include "harness/cli/examples.hpp"
#include "harness/cli/suggest.hpp"

#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

namespace mapquake::cli {
namespace {

const std::map<std::string, abi::HashMode> hash_modes{{"good", abi::HashMode::good},
                                                      {"constant", abi::HashMode::constant},
                                                      {"few", abi::HashMode::few},
                                                      {"identity", abi::HashMode::identity}};

unsigned processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

// Without the description that CLI11 would put behind every option of this kind.
template <class Number>
CLI::Validator in_range(Number low, Number high) {
  return CLI::Range(low, high).description("");
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  return CLI::IsMember(words).description("");
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, double& seconds, const std::string& help) {
  const auto parse = [&seconds](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) throw CLI::ValidationError("\"" + text + "\" is no duration; write 10s, 5m, 250ms or 1h30m");
    seconds = *parsed;
  };
  return app.add_option_function<std::string>(name, parse, help)->type_name("TIME");
}

void parse_shard(const std::string& text, CampaignOptions& campaign) {
  const auto number = [](std::string_view digits, unsigned& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() && value > 0;
  };
  const std::size_t slash = text.find('/');
  const bool good = slash != std::string::npos && number(text.substr(0, slash), campaign.shard) &&
                    number(text.substr(slash + 1), campaign.shards) && campaign.shard <= campaign.shards;
  if (!good) throw CLI::ValidationError("--shard wants i/n with 1 <= i <= n, such as 2/8, not \"" + text + "\"");
}

void add_maps(CLI::App& app, MapArguments& maps) {
  app.add_option("--map", maps.names, "Name of a map, or a glob such as 'tbb_*' (repeatable)")
      ->take_all()
      ->type_name("NAME");
  app.add_option("--program", maps.programs, "Name of a program, or a glob (repeatable)")
      ->take_all()
      ->type_name("NAME");
  app.add_option("--plugin", maps.plugins, "Plugin with maps or programs of your own (repeatable)")
      ->type_name("FILE.so");
}

void add_list(CLI::App& root, Arguments& chosen) {
  auto arguments = std::make_shared<ListArguments>();
  CLI::App& app = *root.add_subcommand("list", "The maps with what they claim, the scenarios and the strategies");
  add_maps(app, arguments->maps);
  app.add_flag("--faults", arguments->faults, "The kinds of fault, and the failure points that the maps declare");
  app.add_flag("--incidents", arguments->incidents, "The incidents that `run --incident` reproduces, with their maps");
  app.add_flag("--json", arguments->json, "One JSON document");
  app.callback([&chosen, arguments] { chosen = *arguments; });
}

void add_sizes(CLI::App& app, ScenarioOptions& sizes) {
  const std::string group = "Sizes and mixes (default: the scenario's own)";
  app.add_option("--threads", sizes.threads, "Threads of a program")
      ->type_name("N")
      ->check(in_range(1, 100))
      ->group(group);
  app.add_option("--ops", sizes.operations, "Operations of each thread")
      ->type_name("N")
      ->check(in_range(1, 10'000))
      ->group(group);
  app.add_option("--keys", sizes.keys, "Different keys")->type_name("N")->check(in_range(1, 1'000'000))->group(group);
  app.add_option("--prefill", sizes.prefill, "Entries before the threads start")
      ->type_name("N")
      ->check(in_range(1, 1'000'000))
      ->group(group);
  app.add_option("--write-percent", sizes.write_percent, "Share of writes")
      ->type_name("N")
      ->check(in_range(1, 100))
      ->group(group);
  app.add_option_function<std::string>(
         "--hash",
         [&sizes](const std::string& name) {
           sizes.hash = hash_modes.at(name);
           sizes.hash_given = true;
         },
         "How keys hash: good, constant, few (four values) or identity")
      ->type_name("MODE")
      ->check(one_of({"good", "constant", "few", "identity"}))
      ->group(group);
}

void add_faults(CLI::App& app, RunArguments& run) {
  CampaignOptions& campaign = run.campaign;
  app.add_option_function<std::string>(
         "--faults",
         [&campaign](const std::string& text) {
           std::string wrong;
           fault::FaultSelection chosen;
           if (!fault::parse_faults(text, chosen, wrong)) {
             throw CLI::ValidationError("\"" + wrong + "\" is no kind of fault; `mapquake list --faults` shows them");
           }
           campaign.inject(chosen);
         },
         "Kinds to inject: alloc,delay,… or all (mapquake list --faults; default none)")
      ->type_name("KINDS");
  app.add_option("--faults-max", campaign.faults_max, "At most this many in one execution")
      ->capture_default_str()
      ->type_name("N")
      ->check(in_range(1u, 1'000'000u));
  app.add_option("--memory-pressure", campaign.pressure_bytes,
                 "Allocations of operations fail while more bytes than this are in use (with --faults alloc)")
      ->type_name("BYTES")
      ->default_str("");
  app.add_flag("--sweep", run.sweep, "Let every single allocation of every operation fail in turn");
}

void add_budgets(CLI::App& app, CampaignOptions& campaign) {
  const auto parse = [&campaign](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto budget = parse_budget(text);
      if (!budget) throw CLI::ValidationError(budget.error().what + ". " + budget.error().hint);
      mapquake::add_budgets(campaign.budgets, {*budget});
    }
  };
  app.add_option_function<std::vector<std::string>>(
         "--budget", parse, "Operations must stay within this: find.p99_steps=200 (repeatable; mapquake help budgets)")
      ->take_all()
      ->type_name("BUDGET");
}

void add_run(CLI::App& root, Arguments& chosen) {
  auto run = std::make_shared<RunArguments>();
  run->campaign.jobs = processors();
  CLI::App& app = *root.add_subcommand("run", "Search for failures of maps under scenarios, and of programs");
  add_maps(app, run->maps);
  app.add_flag("--all", run->all, "Every bundled map and program");
  app.add_option("--scenario", run->scenarios, "Only this scenario, even where a map does not claim it (repeatable)")
      ->take_all()
      ->type_name("NAME");
  app.add_option("--incident", run->incidents,
                 "Reproduce this incident instead: I12, all, or a file of your own (repeatable)")
      ->take_all()
      ->type_name("NAME");
  app.add_option("--strategy", run->campaign.strategy, "mixed, random or pct (mapquake help strategies)")
      ->type_name("NAME")
      ->check(one_of({"mixed", "random", "pct"}));
  app.add_option("--seed", run->campaign.seed, "Of all that is random")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Validator(CLI::NonNegativeNumber).description(""));
  CLI::Option* executions = app.add_option("--executions", run->campaign.executions,
                                           "For each map and scenario; then no time limit of its own")
                                ->type_name("N")
                                ->check(in_range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  CLI::Option* time =
      add_duration(app, "--time", run->campaign.seconds, "For all together: 10s, 5m, 250ms (default 10s)");
  app.add_option("--jobs", run->campaign.jobs, "Workers at a time (default: one per processor)")
      ->type_name("N")
      ->check(in_range(1, 256));
  app.add_option_function<std::string>(
         "--shard", [run](const std::string& text) { parse_shard(text, run->campaign); },
         "Do the i-th of n parts of the work (for several machines)")
      ->type_name("i/n");
  add_faults(app, *run);
  add_budgets(app, run->campaign);
  app.add_option_function<std::string>(
         "--memory-model",
         [run](const std::string& name) {
           run->campaign.memory_model = name == "c11" ? MemoryModel::c11 : MemoryModel::sc;
         },
         "sc: atomic loads read the newest value; c11: any value that ISO C++ allows (default sc)")
      ->type_name("MODEL")
      ->check(one_of({"sc", "c11"}));
  add_sizes(app, run->campaign.scenario);
  app.add_option("--store", run->campaign.store, "Where replay files go")->capture_default_str()->type_name("DIR");
  app.add_flag("--figures", run->campaign.usage, "Show what operations used over the campaign, to state budgets from");
  app.add_flag("--keep-going", run->campaign.keep_going, "Search on after a failure, report each defect once");
  app.add_flag(
      "--expected", run->expected,
      "Exit 0 exactly if every map does what its adapter expects: broken ones fail as listed, others are clean");
  app.add_option_function<std::string>(
         "--format", [run](const std::string& name) { run->format = name == "json" ? Format::json : Format::text; },
         "Of the report: text or json")
      ->type_name("FORMAT")
      ->check(one_of({"text", "json"}));
  app.add_option("--out", run->out, "Write the report to this file")->type_name("FILE");
  app.add_flag("--json", run->json, "Print one JSON line at the end, nothing else");
  app.footer(examples_for("run"));
  app.callback([&chosen, run, executions, time] {
    run->time_given = time->count() > 0;
    if (executions->count() > 0 && !run->time_given) run->campaign.seconds = 0;
    chosen = *run;
  });
}

template <class File>
void add_file(CLI::App& app, File& arguments) {
  app.add_option("FILE", arguments.file, "A replay file")->required()->type_name("");
  app.add_option("--plugin", arguments.plugin, "Run the map out of this plugin instead")->type_name("FILE.so");
  app.add_flag("--nearest", arguments.nearest, "Where the file does not fit the build, take the closest schedule");
}

void add_format(CLI::App& app, Format& format, std::filesystem::path& out) {
  app.add_option_function<std::string>(
         "--format", [&format](const std::string& name) { format = name == "json" ? Format::json : Format::text; },
         "text or json")
      ->type_name("FORMAT")
      ->check(one_of({"text", "json"}));
  app.add_option("--out", out, "Write to this file")->type_name("FILE");
}

void add_file_commands(CLI::App& root, Arguments& chosen) {
  auto replay = std::make_shared<ReplayArguments>();
  CLI::App& replay_app = *root.add_subcommand("replay", "Repeat a stored failure exactly");
  add_file(replay_app, *replay);
  replay_app.add_option("--times", replay->times, "Repeat, and count the distinct trace hashes")
      ->type_name("N")
      ->check(in_range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  replay_app.add_flag("--json", replay->json, "Print one JSON line, nothing else");
  replay_app
      .add_option("--emit-gtest", replay->emit_gtest, "Write a GoogleTest that replays the failure; runs nothing")
      ->type_name("FILE.cpp");
  replay_app.footer(examples_for("replay"));
  replay_app.callback([&chosen, replay] { chosen = *replay; });

  auto shrink = std::make_shared<ShrinkArguments>();
  CLI::App& shrink_app = *root.add_subcommand("shrink", "Look longer for a smaller case of a stored failure");
  add_file(shrink_app, *shrink);
  add_duration(shrink_app, "--time", shrink->seconds, "At most (default 60s)");
  shrink_app.add_option("--seed", shrink->seed, "Of the search for other schedules")
      ->type_name("N")
      ->check(CLI::Validator(CLI::NonNegativeNumber).description(""));
  shrink_app.add_option("--out", shrink->out, "Write the smaller case here (default: next to FILE)")->type_name("FILE");
  shrink_app.callback([&chosen, shrink] { chosen = *shrink; });

  auto explain = std::make_shared<ExplainArguments>();
  CLI::App& explain_app = *root.add_subcommand("explain", "Show the interleaving of a stored failure, line by line");
  add_file(explain_app, *explain);
  add_format(explain_app, explain->format, explain->out);
  explain_app.callback([&chosen, explain] { chosen = *explain; });
}

void add_help(CLI::App& root, Arguments& chosen) {
  auto help = std::make_shared<HelpArguments>();
  CLI::App& app =
      *root.add_subcommand("help", "Help on: adapter, outcomes, budgets, strategies, scenarios, exit-codes");
  app.add_option("TOPIC", help->topic, "A topic or a command")->type_name("");
  app.callback([&chosen, help] { chosen = *help; });
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) names.push_back(option->get_name());
  return names;
}

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(app->get_name());
  return names;
}

Error usage_error(const CLI::App& root, const CLI::ParseError& error, int argc, const char* const* argv) {
  const auto used = root.get_subcommands();
  const CLI::App* app = used.empty() ? nullptr : used.front();
  const std::string help = app == nullptr ? "mapquake --help" : "mapquake " + app->get_name() + " --help";
  const std::string look = "See `" + help + "`.";
  const auto with = [&](const std::string& hint) { return hint.empty() ? look : hint + " " + look; };
  if (app == nullptr) {
    const std::string word = argc > 1 ? argv[1] : "";
    if (word.empty()) return {ExitCode::usage, "no command", "Try `mapquake run --all --time 10s`. " + look};
    const bool option = word.front() == '-';
    return {ExitCode::usage, (option ? "unknown option \"" : "unknown command \"") + word + "\"",
            with(did_you_mean(word, option ? option_names(root) : command_names(root)))};
  }
  const bool unexpected = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  for (int i = 1; unexpected && i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    const std::vector<std::string> names = option_names(*app);
    const bool known = std::find(names.begin(), names.end(), word) != names.end();
    if (word.size() < 2 || word.substr(0, 2) != "--" || known) continue;
    return {ExitCode::usage, app->get_name() + ": unknown option \"" + word + "\"", with(did_you_mean(word, names))};
  }
  return {ExitCode::usage, app->get_name() + ": " + error.what(), look};
}

}  // namespace

Result<Arguments> parse_arguments(int argc, const char* const* argv) {
  CLI::App root(
      "mapquake finds concurrency bugs in C++ maps and hands over the shortest interleaving that repeats them.",
      "mapquake");
  Arguments chosen;
  root.require_subcommand(1);
  root.set_version_flag("--version", std::string("mapquake ") + MAPQUAKE_VERSION);
  root.footer(examples_for(""));
  root.get_formatter()->column_width(30);
  add_list(root, chosen);
  add_run(root, chosen);
  add_file_commands(root, chosen);
  add_help(root, chosen);
  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto used = root.get_subcommands();
    // CLI11 asks for help before it looks whether the word in front of it is a command at all.
    if (used.empty() && argc > 1 && argv[1][0] != '-')
      return usage_error(root, CLI::ExtrasError(std::vector<std::string>{}), argc, argv);
    return Arguments(PrintArguments{used.empty() ? root.help() : used.front()->help("mapquake")});
  } catch (const CLI::CallForVersion&) {
    return Arguments(PrintArguments{std::string("mapquake ") + MAPQUAKE_VERSION + "\n"});
  } catch (const CLI::ParseError& error) {
    return usage_error(root, error, argc, argv);
  }
  return chosen;
}

}  // namespace mapquake::cli
