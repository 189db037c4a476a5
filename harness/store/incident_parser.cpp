// parse_incident: text from anyone to an Incident, or one error with its line.
#include "harness/case/fault_names.hpp"
#include "harness/store/incident_file.hpp"
#include "harness/store/replay_file.hpp"
#include "harness/store/toml_fields.hpp"
#include "harness/store/toml_program.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::size_t told_failures_max = 16;
constexpr std::uint64_t executions_max = 1'000'000'000;
constexpr std::uint64_t broken_executions = 500'000;
constexpr double broken_seconds = 20;
constexpr double defence_seconds = 120;

/// A table that says what is run: the file itself, or one of its cases.
struct RunTable {
  IncidentRun run;
  bool has_scenario = false;
  bool has_program = false;
};

class IncidentReader {
 public:
  void read(const toml::table& root);
  const std::optional<TomlFields::Trouble>& trouble() const { return fields_.trouble(); }
  Incident take() { return std::move(incident_); }

 private:
  using FileField = TomlFields::Field<IncidentReader>;
  struct CaseContext {
    IncidentReader& reader;
    IncidentCase& read;
    RunTable table;
  };

  bool read_format(const toml::table& root);
  void read_run_field(const toml::node& node, std::string_view key, RunTable& table);
  void read_faults(const toml::node& node, IncidentRun& run);
  void check_complete();
  void read_cases(const toml::node& node, std::string_view key, bool defences);
  void read_case(const toml::node& node, std::string_view key, bool is_defence);
  void read_fails(const toml::node& node, IncidentCase& into);
  IncidentRun inherited(const RunTable& own) const;

  TomlFields fields_;
  Incident incident_;
  RunTable shared_;
  const toml::node* broken_ = nullptr;  // read last: they inherit what the file says elsewhere
  const toml::node* defence_ = nullptr;
};

void IncidentReader::read(const toml::table& root) {
  if (!read_format(root)) return;
  static constexpr auto run_field = [](IncidentReader& r, const toml::node& n, std::string_view k) {
    r.read_run_field(n, k, r.shared_);
  };
  static constexpr FileField known[] = {
      {"incident", [](IncidentReader&, const toml::node&, std::string_view) {}},
      {"id", [](IncidentReader& r, const toml::node& n,
                std::string_view k) { r.incident_.id = r.fields_.text(n, k, replay_name_bytes_max); }},
      {"title", [](IncidentReader& r, const toml::node& n,
                   std::string_view k) { r.incident_.title = r.fields_.text(n, k, replay_name_bytes_max); }},
      {"scenario", run_field},
      {"program", run_field},
      {"options", run_field},
      {"faults", run_field},
      {"faults_max", run_field},
      {"budgets", run_field},
      {"broken", [](IncidentReader& r, const toml::node& n, std::string_view) { r.broken_ = &n; }},
      {"defence", [](IncidentReader& r, const toml::node& n, std::string_view) { r.defence_ = &n; }},
  };
  fields_.table(root, "an incident file", std::span<const FileField>(known), *this);
  check_complete();
  if (broken_ != nullptr) read_cases(*broken_, "broken", false);
  if (defence_ != nullptr) read_cases(*defence_, "defence", true);
}

/// What is missing is told only where nothing else is wrong: a misspelt key is missing, too.
void IncidentReader::check_complete() {
  if (trouble()) return;
  if (incident_.id.empty()) fields_.fail(1, "the key id is missing");
  if (incident_.title.empty()) fields_.fail(1, "the key title is missing");
  if (shared_.has_program && shared_.has_scenario) fields_.fail(1, "give a scenario or a [program], not both");
  if (broken_ == nullptr && defence_ == nullptr) fields_.fail(1, "there is neither a [[broken]] map nor a [[defence]]");
}

bool IncidentReader::read_format(const toml::table& root) {
  const toml::node* format = root.get("incident");
  if (format == nullptr) {
    fields_.fail(1, "the key incident (the number of the format) is missing: this is no incident file");
  } else if (const auto* number = format->as_integer(); number == nullptr || number->get() != incident_format) {
    fields_.fail(line_of(*format), fmt::format("this mapquake reads incident files of format {}", incident_format));
  }
  return !trouble();
}

void IncidentReader::read_run_field(const toml::node& node, std::string_view key, RunTable& table) {
  if (key == "scenario") {
    table.run.scenario = fields_.text(node, key, replay_name_bytes_max);
    table.has_scenario = true;
    if (find_scenario(table.run.scenario) == nullptr) {
      fields_.fail(line_of(node), fmt::format("scenario {} is unknown", shown(table.run.scenario)));
    }
  } else if (key == "program") {
    table.has_program = true;
    read_program(fields_, node, table.run.program.emplace());
    if (table.run.program->threads.empty()) fields_.fail(line_of(node), "[program] has no thread");
  } else if (key == "options") {
    read_options(fields_, node, table.run.options);
  } else if (key == "faults") {
    read_faults(node, table.run);
  } else if (key == "faults_max") {
    table.run.faults_max = static_cast<std::uint32_t>(fields_.number(node, key, 1'000'000));
  } else {
    MQ_ASSERT(key == "budgets");
    table.run.budgets.clear();
    read_budgets(fields_, node, table.run.budgets);
  }
}

void IncidentReader::read_faults(const toml::node& node, IncidentRun& run) {
  const std::string names = fields_.text(node, "faults", replay_name_bytes_max);
  if (auto faults = fault::parse_faults(names)) {
    run.faults = std::move(*faults);
  } else {
    fields_.fail(line_of(node), cleaned(faults.error().what, replay_name_bytes_max, LineBreaks::forbidden));
  }
}

void IncidentReader::read_cases(const toml::node& node, std::string_view key, bool defences) {
  const toml::array* cases = fields_.list(node, key, incident_cases_max);
  if (cases == nullptr) return;
  for (const toml::node& one : *cases) read_case(one, key, defences);
}

void IncidentReader::read_case(const toml::node& node, std::string_view key, bool is_defence) {
  using CaseField = TomlFields::Field<CaseContext>;
  static constexpr auto run_field = [](CaseContext& c, const toml::node& n, std::string_view k) {
    c.reader.read_run_field(n, k, c.table);
  };
  static constexpr CaseField known[] = {
      {"map", [](CaseContext& c, const toml::node& n,
                 std::string_view k) { c.read.map = c.reader.fields_.text(n, k, replay_name_bytes_max); }},
      {"about", [](CaseContext& c, const toml::node& n,
                   std::string_view k) { c.read.about = c.reader.fields_.text(n, k, replay_name_bytes_max); }},
      {"fails", [](CaseContext& c, const toml::node& n, std::string_view) { c.reader.read_fails(n, c.read); }},
      {"executions", [](CaseContext& c, const toml::node& n,
                        std::string_view k) { c.read.executions = c.reader.fields_.number(n, k, executions_max); }},
      {"seconds", [](CaseContext& c, const toml::node& n,
                     std::string_view k) { c.read.seconds = c.reader.fields_.seconds(n, k); }},
      {"scenario", run_field},
      {"program", run_field},
      {"options", run_field},
      {"faults", run_field},
      {"faults_max", run_field},
      {"budgets", run_field},
  };
  IncidentCase read;
  CaseContext context{*this, read, {shared_.run, false, false}};
  context.table.run.program.reset();
  fields_.table(node, fmt::format("[[{}]]", key), std::span<const CaseField>(known), context);
  if (trouble()) return;
  const auto wrong = [&](std::string reason) { fields_.fail(line_of(node), std::move(reason)); };
  if (read.map.empty()) wrong("the key map is missing");
  if (context.table.has_program && context.table.has_scenario) wrong("give a scenario or a [program], not both");
  if (is_defence && !read.fails.empty()) wrong("a [[defence]] does not fail; a map that does is a [[broken]] one");
  if (!is_defence && read.fails.empty()) wrong("the key fails is missing: how must the broken map fail?");
  if (is_defence && read.executions == 0) wrong("the key executions is missing: for how many must it stay clean?");
  if (read.seconds > incident_seconds_max) wrong(fmt::format("seconds exceeds {}", incident_seconds_max));
  read.run = inherited(context.table);
  if (read.run.scenario.empty() && !read.run.program) wrong("neither a scenario nor a [program] says what is run");
  if (read.executions == 0) read.executions = broken_executions;
  if (read.seconds == 0) read.seconds = is_defence ? defence_seconds : broken_seconds;
  incident_.cases.push_back(std::move(read));
}

void IncidentReader::read_fails(const toml::node& node, IncidentCase& into) {
  const toml::array* failures = fields_.list(node, "fails", told_failures_max);
  if (failures == nullptr) return;
  for (const toml::node& failure : *failures) {
    const std::string text = fields_.text(failure, "a failure", replay_name_bytes_max);
    if (const auto told = told_failure(text))
      into.fails.push_back(*told);
    else
      fields_.fail(line_of(failure), fmt::format("{} is no failure that mapquake knows", shown(text)));
  }
}

/// Options and faults were inherited field by field; a case's own scenario or program replaces the file's.
IncidentRun IncidentReader::inherited(const RunTable& own) const {
  IncidentRun run = own.run;
  if (own.has_program) {
    run.scenario.clear();
  } else if (!own.has_scenario) {
    run.program = shared_.run.program;
  }
  return run;
}

}  // namespace

std::optional<ToldFailure> told_failure(std::string_view text) {
  ToldFailure told;
  if (text == any_failure) return told;
  const std::size_t open = text.find(" (");
  if (open != std::string_view::npos) {
    if (!text.ends_with(')')) return std::nullopt;
    told.label = text.substr(open + 2, text.size() - open - 3);
    text = text.substr(0, open);
  }
  const auto outcome = outcome_from_name(text);
  if (!outcome || !is_failure(*outcome)) return std::nullopt;
  told.outcome = *outcome;
  return told;
}

Result<Incident> parse_incident(std::string_view text, std::string_view name) {
  const auto error = [&](unsigned line, std::string_view reason) {
    return Error{ExitCode::bad_input, fmt::format("{}:{}: {}", name, std::max(line, 1u), reason),
                 "docs/incidents.md explains the keys of an incident file."};
  };
  if (text.empty()) return error(1, "the file is empty");
  if (text.size() > incident_file_bytes_max) {
    return error(1, fmt::format("the file is longer than {} bytes", incident_file_bytes_max));
  }
  IncidentReader reader;
  if (const auto trouble = parse_toml(text, [&](const toml::table& root) { reader.read(root); })) {
    return error(trouble->line, trouble->reason);
  }
  if (const auto& trouble = reader.trouble()) return error(trouble->line, trouble->reason);
  return reader.take();
}

}  // namespace mapquake
