#include "harness/cli/given_program.hpp"

#include "harness/base/trimmed.hpp"
#include "harness/store/replay_file.hpp"
#include "harness/store/replay_text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mapquake::cli {
namespace {

/// "insert 1 10; erase 1"
Result<std::vector<Operation>> thread_from(std::string_view text) {
  std::vector<Operation> operations;
  for (std::string_view left = text; !left.empty();) {
    const std::string_view part = left.substr(0, left.find(';'));
    left.remove_prefix(std::min(left.size(), part.size() + 1));
    const std::string_view words = trimmed(part, " \t\n");
    if (words.empty()) continue;
    const auto operation = operation_from_stored(words);
    if (!operation) {
      return Error{ExitCode::usage, fmt::format("--thread \"{}\": {}", text, operation.error().what),
                   "Write operations as replay files do: --thread 'insert 1 10; erase 1' --thread 'find 1'."};
    }
    operations.push_back(*operation);
  }
  if (operations.empty()) {
    return Error{ExitCode::usage, fmt::format("--thread \"{}\" has no operation", text),
                 "Write operations as replay files do: --thread 'insert 1 10; erase 1'."};
  }
  return operations;
}

Result<Program> program_from(const std::vector<std::string>& threads, const ScenarioOptions& sizes) {
  if (threads.size() > program_threads_max) {
    return Error{ExitCode::usage, fmt::format("--thread: a program has at most {} threads", program_threads_max), ""};
  }
  Program program;
  if (sizes.hash_given) program.hash = sizes.hash;
  for (std::int64_t key = 1; key <= static_cast<std::int64_t>(sizes.prefill.value_or(0)); ++key) {
    program.prefill.push_back({key, key});
  }
  for (const std::string& text : threads) {
    const auto operations = thread_from(text);
    if (!operations) return operations.error();
    program.threads.push_back(*operations);
  }
  return program;
}

}  // namespace

Result<Done> take_given_program(RunArguments& arguments) {
  if (!arguments.threads.empty()) {
    auto program = program_from(arguments.threads, arguments.campaign.plan.scenario);
    if (!program) return program.error();
    arguments.campaign.program = std::move(*program);
    return Done{};
  }
  if (arguments.case_file.empty()) return Done{};
  auto file = load_replay(arguments.case_file, false);
  if (!file) return file.error();
  if (file->program.threads.empty()) {
    return Error{ExitCode::usage, fmt::format("{} has no [program]", arguments.case_file.string()),
                 "Name its scenario with --scenario, or write a program as docs/replay-format.md has it."};
  }
  if (arguments.maps.names_nothing() && arguments.maps.plugins.empty() && !file->map.empty()) {
    arguments.maps.names.push_back(file->map);
    if (!file->plugin.empty()) arguments.maps.plugins.emplace_back(file->plugin);
  }
  arguments.campaign.program = std::move(file->program);
  arguments.campaign.program->races_passed = 0;
  return Done{};
}

Result<std::vector<Cell>> cells_of(const Program& program, const std::vector<MapInfo>& maps) {
  std::vector<Cell> cells;
  for (std::size_t map = 0; map < maps.size(); ++map) {
    if (const auto missing = first_lacking(program, maps[map].operations)) {
      return Error{ExitCode::usage,
                   fmt::format("{} has no {}, which the program calls", maps[map].name, name_of(*missing)),
                   "`mapquake list` shows the operations of a map."};
    }
    cells.push_back({map, std::string(given_scenario), true});
  }
  return cells;
}

}  // namespace mapquake::cli
