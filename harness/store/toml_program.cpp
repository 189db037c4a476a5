#include "harness/store/toml_program.hpp"

#include "harness/store/replay_text.hpp"

namespace mapquake {
namespace {

struct ProgramReader {
  TomlFields& fields;
  Program& program;
};
struct OptionsReader {
  TomlFields& fields;
  ScenarioOptions& options;
};

void read_hash(TomlFields& fields, const toml::node& node, abi::HashMode& hash) {
  const std::string text = fields.text(node, "hash", replay_name_bytes_max);
  const auto mode = hash_from_stored(text);
  if (mode)
    hash = *mode;
  else
    fields.fail(line_of(node), fmt::format("hash {} is none of good, constant, few, identity", shown(text)));
}

void read_prefill(ProgramReader& reader, const toml::node& node) {
  TomlFields& fields = reader.fields;
  std::vector<abi::Entry>& prefill = reader.program.prefill;
  if (node.is_integer()) {
    const std::uint64_t count = fields.number(node, "prefill", program_prefill_max);
    for (std::uint64_t key = 1; key <= count; ++key) {
      prefill.push_back({static_cast<std::int64_t>(key), static_cast<std::int64_t>(key)});
    }
    return;
  }
  const toml::array* entries = fields.list(node, "prefill", program_prefill_max);
  if (entries == nullptr) return;
  prefill.reserve(entries->size());
  for (const toml::node& entry : *entries) {
    const toml::array* pair = entry.as_array();
    if (pair == nullptr || pair->size() != 2) {
      return fields.fail(line_of(entry), "an entry of prefill is not [key, value]");
    }
    const auto key = fields.integer(*pair->get(0), "a key of prefill");
    const auto value = fields.integer(*pair->get(1), "a value of prefill");
    if (!key || !value) return;
    prefill.push_back({*key, *value});
  }
}

void read_threads(ProgramReader& reader, const toml::node& node) {
  TomlFields& fields = reader.fields;
  const toml::array* threads = fields.list(node, "threads", program_threads_max);
  if (threads == nullptr) return;
  std::size_t total = 0;
  for (const toml::node& thread : *threads) {
    const toml::array* operations = fields.list(thread, "a thread's program", program_operations_max);
    if (operations == nullptr) return;
    total += operations->size();
    if (total > program_operations_max) {
      return fields.fail(line_of(thread),
                         fmt::format("the threads have more than {} operations", program_operations_max));
    }
    std::vector<Operation>& program = reader.program.threads.emplace_back();
    program.reserve(operations->size());
    for (const toml::node& operation : *operations) {
      const auto* text = operation.as_string();
      if (text == nullptr) return fields.fail(line_of(operation), "an operation is not a string like \"insert 4 40\"");
      const Result<Operation> parsed = operation_from_stored(text->get());
      if (!parsed) return fields.fail(line_of(operation), parsed.error().what);
      program.push_back(*parsed);
    }
  }
}

}  // namespace

void read_program(TomlFields& fields, const toml::node& node, Program& program) {
  using Field = TomlFields::Field<ProgramReader>;
  static constexpr Field known[] = {
      {"hash", [](ProgramReader& r, const toml::node& n, std::string_view) { read_hash(r.fields, n, r.program.hash); }},
      {"construct_from_range", [](ProgramReader& r, const toml::node& n,
                                  std::string_view k) { r.program.construct_from_range = r.fields.boolean(n, k); }},
      {"capacity_hint", [](ProgramReader& r, const toml::node& n,
                           std::string_view k) { r.program.capacity_hint = r.fields.number(n, k); }},
      {"capacity",
       [](ProgramReader& r, const toml::node& n, std::string_view k) { r.program.capacity = r.fields.number(n, k); }},
      {"races_passed",
       [](ProgramReader& r, const toml::node& n, std::string_view k) {
         r.program.races_passed = static_cast<std::uint32_t>(std::min<std::uint64_t>(r.fields.number(n, k), all_races));
       }},
      {"memory_limit",
       [](ProgramReader& r, const toml::node& n, std::string_view k) {
         r.program.memory_limit = r.fields.number(n, k, memory_limit_max);
         if (r.program.memory_limit < memory_limit_min) {
           r.fields.fail(line_of(n), fmt::format("memory_limit is less than {} bytes", memory_limit_min));
         }
       }},
      {"steps_max",
       [](ProgramReader& r, const toml::node& n, std::string_view k) {
         r.program.steps_max = r.fields.number(n, k, steps_max_max);
         if (r.program.steps_max < steps_max_min) {
           r.fields.fail(line_of(n), fmt::format("steps_max is less than {}", steps_max_min));
         }
       }},
      {"prefill", [](ProgramReader& r, const toml::node& n, std::string_view) { read_prefill(r, n); }},
      {"threads", [](ProgramReader& r, const toml::node& n, std::string_view) { read_threads(r, n); }},
      {"budgets",
       [](ProgramReader& r, const toml::node& n, std::string_view) { read_budgets(r.fields, n, r.program.budgets); }},
  };
  ProgramReader reader{fields, program};
  fields.table(node, "[program]", std::span<const Field>(known), reader);
  if (node.is_table() && !node.as_table()->contains("threads")) fields.fail(line_of(node), "[program] has no threads");
}

void read_options(TomlFields& fields, const toml::node& node, ScenarioOptions& options) {
  using Field = TomlFields::Field<OptionsReader>;
  static constexpr Field known[] = {
      {"threads",
       [](OptionsReader& r, const toml::node& n, std::string_view k) {
         r.options.threads = static_cast<unsigned>(r.fields.number(n, k, program_threads_max));
       }},
      {"operations",
       [](OptionsReader& r, const toml::node& n, std::string_view k) {
         r.options.operations = static_cast<unsigned>(r.fields.number(n, k, program_operations_max));
       }},
      {"keys", [](OptionsReader& r, const toml::node& n,
                  std::string_view k) { r.options.keys = static_cast<unsigned>(r.fields.number(n, k, UINT32_MAX)); }},
      {"prefill",
       [](OptionsReader& r, const toml::node& n, std::string_view k) {
         r.options.prefill = static_cast<unsigned>(r.fields.number(n, k, program_prefill_max));
       }},
      {"write_percent",
       [](OptionsReader& r, const toml::node& n, std::string_view k) {
         r.options.write_percent = static_cast<unsigned>(r.fields.number(n, k, 100));
       }},
      {"hash",
       [](OptionsReader& r, const toml::node& n, std::string_view) {
         r.options.hash_given = true;
         read_hash(r.fields, n, r.options.hash);
       }},
  };
  OptionsReader reader{fields, options};
  fields.table(node, "[options]", std::span<const Field>(known), reader);
}

void read_budgets(TomlFields& fields, const toml::node& node, std::vector<Budget>& budgets) {
  const toml::array* list = fields.list(node, "budgets", budgets_max);
  if (list == nullptr) return;
  for (const toml::node& budget : *list) {
    const Result<Budget> parsed = parse_budget(fields.text(budget, "a budget", replay_name_bytes_max));
    if (!parsed) return fields.fail(line_of(budget), parsed.error().what);
    budgets.push_back(*parsed);
  }
}

}  // namespace mapquake
