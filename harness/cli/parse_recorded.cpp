#include "harness/cli/examples.hpp"
#include "harness/cli/parse_parts.hpp"

#include <memory>

namespace mapquake::cli {
namespace {

void add_log(CLI::App& app, LogArguments& log) {
  app.add_option("LOG", log.file, "JSON lines, CSV, OTLP JSON or a record file; - for the standard input")
      ->required()
      ->type_name("");
  auto* const claims = app.add_option("--claims", log.claims,
                                      "What is held against the log: 'size=quiescent', … "
                                      "(mapquake help recorded)");
  claims->type_name("CLAIMS");
  app.add_option("--claims-of", log.claims_of, "The claims of this map's adapter instead")
      ->type_name("MAP")
      ->excludes(claims);
  app.add_option("--plugin", log.plugin, "That map is out of this plugin")->type_name("FILE.so");
  app.add_option_function<std::string>(
         "--initial", [&log](const std::string& word) { log.starts_empty = word == "empty"; },
         "What the map held when the log begins: empty or unknown (default)")
      ->type_name("WHAT")
      ->check(one_of({"empty", "unknown"}));
  app.add_option_function<std::string>(
         "--bad-lines",
         [&log](const std::string& word) {
           log.bad_lines = word == "skip" ? recorded::BadLines::skip : recorded::BadLines::refuse;
         },
         "What to do with lines that are no calls: refuse (default) or skip")
      ->type_name("WHAT")
      ->check(one_of({"refuse", "skip"}));
}

/// "120-160", or one line.
std::pair<std::uint32_t, std::uint32_t> lines_of(const std::string& range) {
  const std::size_t dash = range.find('-');
  std::uint32_t first = 0, last = 0;
  const bool has_first = CLI::detail::lexical_cast(range.substr(0, dash), first);
  const bool has_last = dash == std::string::npos || CLI::detail::lexical_cast(range.substr(dash + 1), last);
  if (dash == std::string::npos) last = first;
  if (!has_first || !has_last || first == 0 || last < first) {
    throw CLI::ValidationError(range + " is no range of lines: write 120-160");
  }
  return {first, last};
}

}  // namespace

void add_recorded(CLI::App& root, Arguments& chosen) {
  auto check = std::make_shared<CheckArguments>();
  CLI::App& app = *root.add_subcommand("check", "Is a recorded history of a map possible? Reads a log, runs nothing");
  add_log(app, check->log);
  app.add_option("--show", check->show, "Contradictions to show (default 3)")->type_name("N")->check(in_range(1, 1000));
  app.add_flag("--json", check->json, "Print one JSON line, nothing else");
  app.footer(examples_for("check"));
  app.callback([&chosen, check] { chosen = *check; });

  auto import = std::make_shared<ImportArguments>();
  CLI::App& import_app =
      *root.add_subcommand("import", "Make an incident file of what contradicts in a log, for `run --incident`");
  add_log(import_app, import->log);
  import_app.add_option("--map", import->map, "The map that is to fail like that")->type_name("MAP");
  import_app
      .add_option_function<std::string>(
          "--lines", [import](const std::string& range) { import->lines = lines_of(range); },
          "Take these calls, whether or not they contradict each other (at most 24)")
      ->type_name("FIRST-LAST");
  import_app.add_option("--out", import->out, "Write it here (default: ./LOG-incident.toml)")->type_name("FILE.toml");
  add_duration(import_app, "--search", import->search_seconds,
               "Look for a schedule that gives the recorded answers, at most so long (needs --map)");
  import_app.add_option("--store", import->store, "Where its replay file goes (default out)")->type_name("DIR");
  import_app.footer(examples_for("import"));
  import_app.callback([&chosen, import] { chosen = *import; });
}

}  // namespace mapquake::cli
