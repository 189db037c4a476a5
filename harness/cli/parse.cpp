#include "harness/cli/parse_parts.hpp"

#include "harness/cli/duration.hpp"
#include "harness/cli/examples.hpp"
#include "harness/cli/formats.hpp"
#include "harness/cli/usage_error.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

CLI::Option* add_duration(CLI::App& app, const std::string& name, double& seconds, const std::string& help) {
  const auto parse = [&seconds](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) throw CLI::ValidationError("\"" + text + "\" is no duration; write 10s, 5m, 250ms or 1h30m");
    seconds = *parsed;
  };
  return app.add_option_function<std::string>(name, parse, help)->type_name("TIME");
}

void add_maps(CLI::App& app, MapArguments& maps) {
  app.add_option("--map", maps.names, "Name of a map, or a glob such as 'tbb_*' (repeatable)")
      ->take_all()
      ->type_name("MAP");
  app.add_option("--program", maps.programs, "Name of a program, or a glob (repeatable)")
      ->take_all()
      ->type_name("PROGRAM");
  app.add_option("--plugin", maps.plugins, "Plugin with maps or programs of your own (repeatable)")
      ->type_name("FILE.so");
}

void add_format(CLI::App& app, Format& format, std::filesystem::path& out) {
  app.add_option_function<std::string>(
         "--format", [&format](const std::string& name) { format = format_named(name); },
         "Of the report: " + listed(format_names()) + " (mapquake help formats)")
      ->type_name("FORMAT")
      ->check(one_of(format_names()));
  app.add_option("--out", out, "Write the report to this file")->type_name("FILE");
}

CLI::Option* add_sources(CLI::App& app, const std::string& name, compile::Request& request, const std::string& help,
                         const std::string& endings) {
  const auto take = [&request, endings](const std::vector<std::string>& files) {
    for (const std::string& file : files) {
      if (!compile::is_source(file)) throw CLI::ValidationError("\"" + file + "\" is no source " + endings);
      request.sources.emplace_back(file);
    }
  };
  return app.add_option_function<std::vector<std::string>>(name, take, help)->take_all()->type_name("");
}

namespace {

void add_list(CLI::App& root, Arguments& chosen) {
  auto arguments = std::make_shared<ListArguments>();
  CLI::App& app = *root.add_subcommand("list", "The maps with what they claim, the scenarios and the strategies");
  add_maps(app, arguments->maps);
  app.add_flag("--faults", arguments->faults, "The kinds of fault, and the failure points that the maps declare");
  app.add_flag("--incidents", arguments->incidents, "The incidents that `run --incident` reproduces, with their maps");
  app.add_flag("--json", arguments->json, "One JSON document");
  app.callback([&chosen, arguments] { chosen = *arguments; });
}

template <class File>
void add_file(CLI::App& app, File& arguments) {
  app.add_option("FILE", arguments.file, "A replay file")->required()->type_name("");
  app.add_option("--plugin", arguments.plugin, "Run the map out of this plugin instead")->type_name("FILE.so");
  app.add_flag("--nearest", arguments.nearest, "Where the file does not fit the build, take the closest schedule");
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
  replay_app
      .add_option("--emit-cpp", replay->emit_cpp,
                  "Write a program that fails without mapquake: real threads, the adapter's source")
      ->type_name("FILE.cpp");
  CLI::Option* const gdb = replay_app.add_flag(
      "--gdb", replay->gdb,
      "Open it in gdb, at the first step of the last operation; more options for gdb follow \"--\"");
  replay_app.add_option("--step", replay->step, "Stop there first: a number in the report")
      ->type_name("N")
      ->needs(gdb)
      ->check(in_range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
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

void add_report(CLI::App& root, Arguments& chosen) {
  auto report = std::make_shared<ReportArguments>();
  CLI::App& app =
      *root.add_subcommand("report", "Show what a campaign found, for a browser, a CI system or a terminal");
  app.add_option("FILE", report->file, "The store of a campaign (its campaign.json), or such a file")
      ->required()
      ->type_name("");
  add_format(app, report->format, report->out);
  app.footer(examples_for("report"));
  app.callback([&chosen, report] { chosen = *report; });
}

void add_build(CLI::App& root, Arguments& chosen) {
  auto build = std::make_shared<BuildArguments>();
  CLI::App& app = *root.add_subcommand("build", "Make a plugin of sources, with the compiler flags that it needs");
  add_sources(app, "FILE", build->request, "Sources with maps, programs or tests")->required();
  app.add_option("--out", build->out, "The plugin (default: ./NAME.so, after the first source)")->type_name("FILE.so");
  app.add_flag("--commands", build->commands, "Print the compiler's commands, run nothing");
  app.footer(examples_for("build"));
  app.callback([&chosen, build] { chosen = *build; });
}

/// The sources that a command is to build; null: it builds none.
compile::Request* sources_of(Arguments& arguments) {
  const auto request_in = [](auto& of) -> compile::Request* {
    if constexpr (requires { of.request; }) return &of.request;
    if constexpr (requires { of.maps.build; }) return &of.maps.build;
    if constexpr (requires { of.run.maps.build; }) return &of.run.maps.build;
    return nullptr;
  };
  return std::visit(request_in, arguments);
}

/// What stands right of a word "--" is the compiler's, for the commands that build, or gdb's.
Result<Arguments> with_flags_of_others(Arguments arguments, std::vector<std::string> flags) {
  if (auto* const replay = std::get_if<ReplayArguments>(&arguments)) {
    if (replay->gdb) {
      replay->gdb_arguments = std::move(flags);
      return arguments;
    }
    return Error{ExitCode::usage, "options for gdb after \"--\", but no --gdb", "Say mapquake replay FILE --gdb -- …"};
  }
  compile::Request* const request = sources_of(arguments);
  if (request == nullptr || request->sources.empty()) {
    return Error{ExitCode::usage, "compiler flags after \"--\", but no source is named",
                 "Name one: mapquake run my_map_adapter.cpp -- -Iinclude"};
  }
  request->flags = std::move(flags);
  return arguments;
}

void add_help(CLI::App& root, Arguments& chosen) {
  auto help = std::make_shared<HelpArguments>();
  CLI::App& app = *root.add_subcommand("help", "Help on: " + listed(help_topics()));
  app.add_option("TOPIC", help->topic, "A topic or a command")->type_name("");
  app.add_flag("--man", help->man, "The manual page instead: of a command, or without one of mapquake itself");
  app.callback([&chosen, help] { chosen = *help; });
}

void add_completion(CLI::App& root, Arguments& chosen) {
  CLI::App& app = *root.add_subcommand("completion", "Completion of commands, options and names for a shell");
  auto completion = std::make_shared<CompletionArguments>();
  const auto take = [completion](const std::string& name) {
    completion->shell = name == "bash" ? Shell::bash : name == "zsh" ? Shell::zsh : Shell::fish;
  };
  app.add_option_function<std::string>("SHELL", take, "bash, zsh or fish")
      ->required()
      ->type_name("")
      ->check(one_of({"bash", "zsh", "fish"}));
  app.footer(examples_for("completion"));
  app.callback([&chosen, completion] { chosen = *completion; });
}

/// Each once, whatever it is written as.
std::vector<std::string> option_names(const CLI::App& app) {
  std::set<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    names.insert(option->get_name());
    for (const std::string& name : option->get_lnames()) names.insert("--" + name);
    for (const std::string& name : option->get_fnames()) names.insert("--" + name);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(app->get_name());
  return names;
}

/// The command that the line has got to, if any, and all that could have been meant.
Error usage_error(const CLI::App& root, const CLI::ParseError& error, int argc, const char* const* argv) {
  const auto used = root.get_subcommands();
  // What stands behind "--" is the compiler's, or gdb's.
  const char* const* const end = std::find(argv, argv + argc, std::string_view("--"));
  const std::vector<std::string> words(std::min(argv + 1, end), end);
  if (used.empty()) return no_command(words, command_names(root), option_names(root));
  const CLI::App& app = *used.front();
  return wrong_use(app.get_name(), error.what(), words, option_names(app));
}

}  // namespace

std::unique_ptr<CLI::App> make_parser(Arguments& chosen) {
  auto app = std::make_unique<CLI::App>(
      "mapquake finds concurrency bugs in C++ maps and hands over the shortest interleaving that repeats them.",
      "mapquake");
  CLI::App& root = *app;
  root.require_subcommand(1);
  root.set_version_flag("--version", std::string("mapquake ") + MAPQUAKE_VERSION);
  root.footer(examples_for(""));
  root.get_formatter()->column_width(30);
  add_list(root, chosen);
  add_run(root, chosen);
  add_prove(root, chosen);
  add_nightly(root, chosen);
  add_file_commands(root, chosen);
  add_report(root, chosen);
  add_build(root, chosen);
  add_recorded(root, chosen);
  add_real(root, chosen);
  add_completion(root, chosen);
  add_help(root, chosen);
  return app;
}

namespace {

/// `run --exhaustive …` is `prove …`; empty: it is not what stands there.
std::vector<const char*> as_prove(std::span<const char* const> words) {
  using std::string_view_literals::operator""sv;
  const auto ours = words.first(static_cast<std::size_t>(std::ranges::find(words, "--"sv) - words.begin()));
  if (ours.size() < 2 || ours[1] != "run"sv || std::ranges::find(ours, "--exhaustive"sv) == ours.end()) return {};
  std::vector<const char*> proving(words.begin(), words.end());
  proving[1] = "prove";
  const auto others =
      std::remove(proving.begin(), proving.begin() + static_cast<std::ptrdiff_t>(ours.size()), "--exhaustive"sv);
  proving.erase(others, proving.begin() + static_cast<std::ptrdiff_t>(ours.size()));
  return proving;
}

}  // namespace

Result<Arguments> parse_arguments(int all, const char* const* argv) {
  if (const auto proving = as_prove({argv, static_cast<std::size_t>(all)}); !proving.empty()) {
    return parse_arguments(static_cast<int>(proving.size()), proving.data());
  }
  const char* const* const end = argv + all;
  const char* const* const separator =
      std::find_if(argv, end, [](const char* word) { return std::string_view(word) == "--"; });
  const auto argc = static_cast<int>(separator - argv);
  Arguments chosen;
  const auto parser = make_parser(chosen);
  CLI::App& root = *parser;
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
  if (separator == end) return chosen;
  return with_flags_of_others(std::move(chosen), {separator + 1, end});
}

}  // namespace mapquake::cli
