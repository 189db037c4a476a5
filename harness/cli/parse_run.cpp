#include "harness/case/fault_names.hpp"
#include "harness/cli/examples.hpp"
#include "harness/cli/parse_parts.hpp"
#include "harness/cli/shard.hpp"
#include "harness/strategy/portfolio.hpp"

#include <fmt/format.h>

#include <sched.h>

#include <algorithm>
#include <cstdlib>
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

/// FILE…: sources are built, plugins taken as they are.
void add_files(CLI::App& app, MapArguments& maps) {
  const auto sort = [&maps](const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      if (compile::is_source(file)) {
        maps.build.sources.emplace_back(file);
      } else if (file.ends_with(".so")) {
        maps.plugins.emplace_back(file);
      } else {
        throw CLI::ValidationError("\"" + file + "\" is neither a source (.cpp, .cc, .c, …) nor a plugin (.so)");
      }
    }
  };
  app.add_option_function<std::vector<std::string>>(
         "FILE", sort, "Sources with maps, programs or tests, built first (mapquake help build); or plugins")
      ->take_all()
      ->type_name("");
}

/// As in_range, and says what to do instead.
CLI::Validator in_limits(std::size_t low, std::size_t high, const std::string& advice) {
  const auto check = [range = CLI::Range(low, high), advice](const std::string& text) {
    const std::string wrong = range(text);
    return wrong.empty() ? wrong : wrong + ". " + advice;
  };
  return CLI::Validator(check, "");
}

void add_sizes(CLI::App& app, ScenarioOptions& sizes) {
  const std::string group = "Sizes and mixes (default: the scenario's own)";
  app.add_option("--threads", sizes.threads, "Threads of a program")
      ->type_name("N")
      ->check(in_limits(1, program_threads_max, "Each may have more operations (--ops)"))
      ->group(group);
  app.add_option("--ops", sizes.operations, "Operations of each thread")
      ->type_name("N")
      ->check(in_limits(1, program_operations_max / program_threads_max, "More threads do more (--threads)"))
      ->group(group);
  app.add_option("--keys", sizes.keys, "Different keys")->type_name("N")->check(in_range(1, 1'000'000))->group(group);
  app.add_option("--prefill", sizes.prefill, "Entries before the threads start")
      ->type_name("N")
      ->check(in_limits(0, program_prefill_max, "The map itself may fill itself further when it is constructed"))
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
           const auto faults = fault::parse_faults(text);
           if (!faults) throw CLI::ValidationError(faults.error().what + ". " + faults.error().hint);
           campaign.inject(*faults);
         },
         "Inject these and nothing else: alloc,delay,…, all or none (mapquake list --faults)")
      ->type_name("KINDS");
  app.add_option_function<std::string>(
         "--only",
         [&campaign](const std::string& text) {
           std::string wrong;
           if (!parse_hazards(text, campaign.hazards, wrong)) {
             throw CLI::ValidationError("\"" + wrong + "\" is none of schedules, failures, disturbances, weak-memory");
           }
         },
         "Cover these alone: schedules,failures,disturbances,weak-memory (default: all that the claims bear)")
      ->excludes("--faults")
      ->type_name("HAZARDS");
  app.add_option("--faults-max", campaign.plan.faults_max, "At most this many in one execution")
      ->capture_default_str()
      ->type_name("N")
      ->check(in_range(1u, 1'000'000u));
  app.add_option("--memory-pressure", campaign.plan.pressure_bytes,
                 "Allocations of operations fail while more bytes than this are in use (with --faults alloc)")
      ->type_name("BYTES")
      ->default_str("");
  app.add_option("--memory-limit", campaign.plan.memory_limit,
                 "A map that has more than this allocated at a time has failed: 600M, 2G (default 1G)")
      ->transform(CLI::AsSizeValue(false).description(""))
      ->check(in_range(memory_limit_min, memory_limit_max))
      ->type_name("SIZE")
      ->default_str("");
  app.add_option("--steps", campaign.plan.steps_max,
                 fmt::format("An execution that takes more steps than this, and {} more for each operation, has failed "
                             "(default {}, or what the adapter states as steps_max)",
                             steps_per_operation, steps_max_default))
      ->check(in_range(steps_max_min, steps_max_max))
      ->type_name("N")
      ->default_str("");
  // Parsed before: see parse_arguments.
  app.add_flag_callback(
      "--exhaustive", [] {}, "Instead, every interleaving of small programs: mapquake prove, with its options");
  app.add_flag("--sweep", run.sweep, "Let every single allocation of every operation fail in turn");
}

void add_budgets(CLI::App& app, CampaignOptions& campaign) {
  const auto parse = [&campaign](const std::vector<std::string>& texts) {
    std::vector<Budget> budgets;
    for (const std::string& text : texts) {
      const auto budget = parse_budget(text);
      if (!budget) throw CLI::ValidationError(budget.error().what + ". " + budget.error().hint);
      mapquake::add_budgets(budgets, {*budget});
    }
    campaign.plan.budgets = std::span<const Budget>(budgets);
  };
  app.add_option_function<std::vector<std::string>>(
         "--budget", parse, "Operations must stay within this: find.p99_steps=200 (repeatable; mapquake help budgets)")
      ->take_all()
      ->type_name("BUDGET");
}

void add_program(CLI::App& app, RunArguments& run) {
  auto* const file = app.add_option("--case", run.case_file,
                                    "Search the program of this replay or scenario file alone (docs/replay-format.md)")
                         ->type_name("FILE.toml")
                         ->excludes("--scenario", "--threads", "--ops", "--keys", "--prefill", "--write-percent",
                                    "--hash", "--incident");
  app.add_option("--thread", run.threads,
                 "Search this program alone: a thread that does these operations, 'insert 1 10; erase 1' (repeatable)")
      ->take_all()
      ->type_name("OPERATIONS")
      ->excludes(file, "--scenario", "--threads", "--ops", "--keys", "--write-percent", "--incident");
}

}  // namespace

void add_search(CLI::App& app, const std::shared_ptr<RunArguments>& run) {
  run->campaign.hazards = default_hazards;
  run->campaign.jobs = processors();
  add_files(app, run->maps);
  add_maps(app, run->maps);
  app.add_flag("--all", run->all, "Every bundled map and program");
  app.add_option("--scenario", run->scenarios, "Only this scenario, even where a map does not claim it (repeatable)")
      ->take_all()
      ->type_name("SCENARIO");
  app.add_option_function<std::string>(
         "--strategy", [run](const std::string& name) { run->campaign.plan.strategy = name; },
         fmt::format("{} (mapquake help strategies)", fmt::join(portfolio_names(), ", ")))
      ->type_name("NAME")
      ->check(one_of({portfolio_names().begin(), portfolio_names().end()}));
  app.add_option("--seed", run->campaign.seed, "Of all that is random")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Validator(CLI::NonNegativeNumber).description(""));
  app.add_option("--jobs", run->campaign.jobs, "Workers at a time (default: one per processor)")
      ->type_name("N")
      ->check(in_range(1, 256));
  app.add_option_function<std::string>(
         "--shard",
         [run](const std::string& text) {
           const auto shard = shard_from(text, [](const char* name) { return std::getenv(name); });
           if (!shard) throw CLI::ValidationError(shard.error().what);
           run->campaign.shard = shard->number, run->campaign.shards = shard->of;
         },
         "Do the i-th of n parts of the work; auto, auto/n: as Bazel, GoogleTest, Slurm, Kubernetes or GitLab says")
      ->type_name("i/n");
  add_faults(app, *run);
  add_budgets(app, run->campaign);
  app.add_option_function<std::string>(
         "--memory-model",
         [run](const std::string& name) {
           run->campaign.set_memory_model(name == "c11" ? MemoryModel::c11 : MemoryModel::sc);
         },
         "sc: atomic loads read the newest value; c11: any value that ISO C++ allows (default: both, in turn)")
      ->type_name("MODEL")
      ->check(one_of({"sc", "c11"}));
  app.add_option_function<std::string>(
         "--races",
         [run](const std::string& name) {
           run->campaign.plan.races = name == "stop" ? Races::stop : name == "ignore" ? Races::ignore : Races::report;
         },
         "report: executions go on behind races that are known; stop: each ends its execution; ignore: none is told "
         "(default: report)")
      ->type_name("WHAT")
      ->check(one_of({"report", "stop", "ignore"}));
  add_sizes(app, run->campaign.plan.scenario);
  app.add_option("--suppressions", run->suppressions, "Known races, leaks and signatures (docs/cli.md; repeatable)")
      ->type_name("FILE");
  app.add_flag(
      "--expected", run->expected,
      "Exit 0 exactly if every map does what its adapter expects: broken ones fail as listed, others are clean");
}

void add_run(CLI::App& root, Arguments& chosen) {
  auto run = std::make_shared<RunArguments>();
  CLI::App& app = *root.add_subcommand("run", "Search for failures of maps under scenarios, and of programs");
  add_search(app, run);
  app.add_option("--incident", run->incidents,
                 "Reproduce this incident instead: I12, all, or a file of your own (repeatable)")
      ->take_all()
      ->type_name("INCIDENT");
  add_program(app, *run);
  CLI::Option* executions = app.add_option("--executions", run->campaign.executions,
                                           "For each map and scenario; then no time limit of its own")
                                ->type_name("N")
                                ->check(in_range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  CLI::Option* time =
      add_duration(app, "--time", run->campaign.seconds, "For all together: 10s, 5m, 250ms (default 10s)");
  app.add_option("--store", run->campaign.store, "Where replay files go")->capture_default_str()->type_name("DIR");
  app.add_flag("--figures", run->campaign.plan.usage,
               "Show what operations used over the campaign, to state budgets from");
  app.add_flag("--stop-at-first,!--keep-going", run->campaign.stop_at_first,
               "A map and scenario ends with its first failure (default: search on, tell each defect once)");
  add_format(app, run->format, run->out);
  app.add_flag("--json", run->json, "Print one JSON line at the end, nothing else");
  app.footer(examples_for("run"));
  app.callback([&chosen, run, executions, time] {
    run->time_given = time->count() > 0;
    if (executions->count() > 0 && !run->time_given) run->campaign.seconds = 0;
    chosen = *run;
  });
}

}  // namespace mapquake::cli
