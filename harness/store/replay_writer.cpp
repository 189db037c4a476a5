// to_toml: the layout of replay files. Ordered for a reader: what happened, where it comes from, how to make it
// happen again.
#include "harness/store/replay_text.hpp"
#include "harness/store/seal.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace mapquake {
namespace {

constexpr std::size_t width_max = 100;

void put(std::string& out, std::string_view key, std::string_view value) {
  out += key;
  out += " = ";
  out += value;
  out += '\n';
}

void put_text(std::string& out, std::string_view key, std::string_view text, std::size_t bytes_max,
              LineBreaks breaks = LineBreaks::forbidden) {
  const std::string clean = cleaned(text, bytes_max, breaks);
  if (!clean.empty()) put(out, key, toml_string(clean));
}

void put_name(std::string& out, std::string_view key, std::string_view text) {
  put_text(out, key, text, replay_name_bytes_max);
}

/// 0 is the default everywhere and left out. TOML's integers end at 2^63 - 1; larger numbers are strings.
void put_number(std::string& out, std::string_view key, std::uint64_t number) {
  if (number == 0) return;
  const bool fits = number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  put(out, key, fits ? fmt::format("{}", number) : fmt::format("\"{}\"", number));
}

/// The shortest digits that read back as the same double; with a point or exponent, so that TOML sees no integer.
void put_seconds(std::string& out, std::string_view key, double seconds) {
  if (!std::isfinite(seconds) || seconds <= 0) return;
  const std::string digits = fmt::format("{}", seconds);
  put(out, key, digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits);
}

void put_hash(std::string& out, abi::HashMode mode) {
  put(out, "hash", toml_string(stored_hash(mode)));
}

/// Appends `items` separated by commas, breaking lines with `indent` spaces before they exceed the width.
void put_wrapped(std::string& out, const std::vector<std::string>& items, std::size_t indent) {
  const std::size_t newline = out.rfind('\n');
  std::size_t column = out.size() - (newline == std::string::npos ? 0 : newline + 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0 && column + items[i].size() + 3 > width_max) {
      out += ",\n" + std::string(indent, ' ');
      column = indent;
    } else if (i > 0) {
      out += ", ";
      column += 2;
    }
    out += items[i];
    column += items[i].size();
  }
}

void put_threads(std::string& out, const std::vector<std::vector<Operation>>& threads) {
  std::vector<std::vector<std::string>> texts;
  std::size_t width = std::string_view("threads = []").size();
  for (const std::vector<Operation>& operations : threads) {
    std::vector<std::string>& thread = texts.emplace_back();
    width += 4;
    for (const Operation& operation : operations) {
      thread.push_back(toml_string(stored_operation(operation)));
      width += thread.back().size() + 2;
    }
  }
  const bool one_line = width <= width_max;
  out += one_line ? "threads = [" : "threads = [\n";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out += one_line ? (i > 0 ? ", [" : "[") : "  [";
    put_wrapped(out, texts[i], 3);
    out += one_line ? "]" : "],\n";
  }
  out += "]\n";
}

void put_program(std::string& out, const Program& program) {
  out += "\n[program]\n";
  if (program.hash != abi::HashMode::good) put_hash(out, program.hash);
  if (program.construct_from_range) put(out, "construct_from_range", "true");
  put_number(out, "capacity_hint", program.capacity_hint);
  if (program.capacity != 0) put_number(out, "capacity", program.capacity);
  if (program.races_passed != 0) put_number(out, "races_passed", program.races_passed);
  if (program.memory_limit != memory_limit_default) put_number(out, "memory_limit", program.memory_limit);
  if (program.steps_max != steps_max_default) put_number(out, "steps_max", program.steps_max);
  if (!program.prefill.empty()) {
    std::vector<std::string> entries;
    entries.reserve(program.prefill.size());
    for (const abi::Entry& entry : program.prefill) entries.push_back(fmt::format("[{}, {}]", entry.key, entry.value));
    out += "prefill = [";
    put_wrapped(out, entries, 11);
    out += "]\n";
  }
  put_threads(out, program.threads);
  if (!program.budgets.empty()) {
    std::vector<std::string> budgets;
    for (const Budget& budget : program.budgets) budgets.push_back(toml_string(to_string(budget)));
    out += "budgets = [";
    put_wrapped(out, budgets, 11);
    out += "]\n";
  }
}

void put_options(std::string& out, const ScenarioOptions& options) {
  std::string keys;
  put_number(keys, "threads", options.threads);
  put_number(keys, "operations", options.operations);
  put_number(keys, "keys", options.keys);
  if (options.prefill) put(keys, "prefill", fmt::format("{}", *options.prefill));
  put_number(keys, "write_percent", options.write_percent);
  if (options.hash_given) put_hash(keys, options.hash);
  if (!keys.empty()) out += "\n[options]\n" + keys;
}

void put_choices(std::string& out, const ReplayFile& file) {
  if (!file.choices.empty()) out += "\n# Every choice that is not listed is 0: go on, no fault, newest value.\n";
  for (const StoredChoice& choice : file.choices) {
    const std::size_t threads = file.program.threads.size();
    out += "[[choice]]\n";
    put(out, "at", toml_string(stored_address(choice, threads)));
    put(out, "kind", toml_string(stored_kind(choice.kind)));
    put(out, "take",
        choice.kind == ChoiceKind::schedule ? toml_string(stored_thread(static_cast<ThreadId>(choice.take), threads))
                                            : fmt::format("{}", choice.take));
    put_number(out, "step", choice.step);
  }
}

}  // namespace

std::string to_toml(const ReplayFile& file) {
  std::string out = fmt::format("mapquake = {}\n", replay_format);
  put_name(out, "map", file.map);
  put_text(out, "plugin", file.plugin, replay_text_bytes_max);
  put_name(out, "scenario", file.scenario);
  if (file.outcome != Outcome::clean) put(out, "outcome", toml_string(name_of(file.outcome)));
  put_name(out, "label", file.label);
  put_text(out, "why", file.why, replay_text_bytes_max, LineBreaks::allowed);
  put_name(out, "signature", file.signature);
  if (file.trace_hash != 0) put(out, "trace_hash", toml_string(hex16(file.trace_hash)));
  put_name(out, "build", file.build);
  put_number(out, "seed", file.seed);
  put_number(out, "executions_to_failure", file.executions_to_failure);
  put_seconds(out, "shrink_seconds", file.shrink_seconds);
  put_number(out, "shrink_runs", file.shrink_runs);
  if (file.minimality != Minimality::best_so_far) put(out, "minimal", "true");
  if (file.minimality == Minimality::proven) put(out, "proven", "true");
  put_number(out, "removals_checked", file.removals_checked);
  if (file.memory_model != MemoryModel::sc) put(out, "memory_model", toml_string(stored_model(file.memory_model)));
  put_options(out, file.options);
  if (is_pinned(file) || file.program != Program{}) put_program(out, file.program);
  put_choices(out, file);
  out += "\n[end]\n";
  return sealed(std::move(out));
}

}  // namespace mapquake
