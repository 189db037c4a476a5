#include "harness/cli/commands.hpp"
#include "harness/cli/git.hpp"
#include "harness/compile/process.hpp"
#include "harness/nightly/bisection.hpp"
#include "harness/nightly/known.hpp"
#include "harness/store/replay_file.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace mapquake::cli {
namespace {

namespace fs = std::filesystem;
using nightly::KnownState;
using nightly::Tested;

/// One revision after the other: checked out, built, and the stored failure replayed on it.
class RevisionTester {
 public:
  RevisionTester(const BisectArguments& arguments, const ReplayFile& file, const Worktree& tree,
                 const Environment& environment)
      : arguments_(arguments), file_(file), tree_(tree), environment_(environment) {}

  /// Errors: input_output, and interrupted once a signal has come.
  Result<Tested> test(const std::string& revision) {
    if (const auto there = tree_.check_out(revision); !there) return there.error();
    const Answer answer = look_at(revision);
    if (signalled()) return Error{exit_code_of_signal(environment_.signalled()), "ended by a signal", ""};
    if (!arguments_.json) {
      environment_.out << fmt::format("  {:<9}{}{}\n", word_for(answer.tested), tree_.described(revision),
                                      answer.note.empty() ? "" : "\n           " + answer.note)
                       << std::flush;
    }
    return answer.tested;
  }

 private:
  struct Answer {
    Tested tested = Tested::left_out;
    std::string note;
  };

  static std::string_view word_for(Tested tested) {
    switch (tested) {
      case Tested::passes:
        return "passes";
      case Tested::fails:
        return "fails";
      case Tested::left_out:
        break;
    }
    return "left out";
  }

  bool signalled() const { return environment_.signalled() != 0; }

  /// In the tree's directory, silent unless it fails; then the end of what it wrote is on the standard error.
  bool run(const std::vector<std::string>& command) const {
    static constexpr const char* script =
        R"(cd "$1" || exit; shift
           out=$("$@" 2>&1) || { code=$?; printf '%s\n' "$out" | tail -n 20 >&2; exit $code; })";
    std::vector<std::string> words{"sh", "-c", script, "sh", tree_.directory().string()};
    words.insert(words.end(), command.begin(), command.end());
    const auto done = compile::run_process(words, compile::Output::to_error);
    return done && done->exit_code == 0;
  }

  /// Each revision has a plugin of its own, so that nothing known of another's is taken for this one's.
  Result<fs::path> plugin_of(const std::string& revision) const {
    const fs::path plugin = tree_.scratch() / (revision + ".so");
    const Error broken{ExitCode::bad_input, "it does not build", ""};
    if (!arguments_.build.empty() && !run({"sh", "-c", arguments_.build})) return broken;
    if (arguments_.request.sources.empty()) {
      std::error_code error;
      fs::copy_file(tree_.directory() / arguments_.plugin, plugin, fs::copy_options::overwrite_existing, error);
      if (error) return Error{ExitCode::bad_input, "its build leaves no " + arguments_.plugin.string(), ""};
      return plugin;
    }
    std::vector<std::string> command{environment_.executable.string(), "build", "--out", plugin.string()};
    for (const fs::path& source : arguments_.request.sources) command.push_back(source.string());
    const std::vector<std::string>& flags = arguments_.request.flags;
    if (!flags.empty()) command.emplace_back("--");
    command.insert(command.end(), flags.begin(), flags.end());
    if (!run(command)) return broken;
    return plugin;
  }

  Answer look_at(const std::string& revision) const {
    const auto plugin = plugin_of(revision);
    if (!plugin) return {Tested::left_out, plugin.error().what};
    const auto maps = environment_.read_plugin(*plugin);
    if (!maps) return {Tested::left_out, maps.error().what};
    const auto map = std::ranges::find(*maps, file_.map, &MapInfo::name);
    if (map == maps->end()) return {Tested::left_out, "it has no map \"" + file_.map + '"'};
    auto executor = environment_.make_executor(*map, Limits{});
    if (!executor) return {Tested::left_out, executor.error().what};
    const nightly::KnownReplay seen = nightly::replay_known(file_, *map, **executor, environment_.make_symbolizer);
    switch (seen.state) {
      case KnownState::still_fails:
        return {Tested::fails, seen.note};
      case KnownState::fixed:
        return {Tested::passes, ""};
      case KnownState::changed:
        return {Tested::left_out, "it fails otherwise: " + seen.now};
      case KnownState::not_reproducible:
      case KnownState::not_replayed:
        break;
    }
    return {Tested::left_out, seen.note};
  }

  const BisectArguments& arguments_;
  const ReplayFile& file_;
  const Worktree& tree_;
  const Environment& environment_;
};

Error other_end(const BisectArguments& arguments, bool of_good, Tested tested) {
  const std::string& revision = of_good ? arguments.good : arguments.bad;
  const std::string what = tested == Tested::left_out ? "cannot be tested"
                           : of_good                  ? "has the failure, too"
                                                      : "does not have the failure";
  return {ExitCode::bad_input, fmt::format("--{} {} {}", of_good ? "good" : "bad", shown(revision), what),
          tested == Tested::left_out ? "Name one that builds with --build and has the map of the case."
          : of_good                  ? "Name an older one."
                                     : "Name one on which `mapquake replay --nearest` fails."};
}

std::string text_of(const nightly::Bisection& found, const Worktree& tree) {
  if (found.suspects.size() == 1) {
    return fmt::format("\nThe failure came with\n  {}\n", tree.described(found.suspects.front()));
  }
  std::string text = "\nThe failure came with one of these; all but the first could not be tested:\n";
  for (const std::string& each : found.suspects) text += "  " + tree.described(each) + '\n';
  return text;
}

std::string json_of(const nightly::Bisection& found) {
  const nlohmann::ordered_json json{
      {"suspects", found.suspects}, {"tested", found.tested}, {"left_out", found.left_out}};
  return json.dump() + '\n';
}

}  // namespace

int bisect(const BisectArguments& arguments, const Environment& environment) {
  const auto file = load_replay(arguments.file, false);
  if (!file) return report_error(environment, file.error());
  const auto tree = Worktree::create();
  if (!tree) return report_error(environment, tree.error());
  const auto good = tree->resolve(arguments.good), bad = tree->resolve(arguments.bad);
  if (!good) return report_error(environment, good.error());
  if (!bad) return report_error(environment, bad.error());
  RevisionTester tester(arguments, *file, *tree, environment);
  for (const bool of_good : {false, true}) {
    const auto tested = tester.test(of_good ? *good : *bad);
    if (!tested) return report_error(environment, tested.error());
    if (*tested != (of_good ? Tested::passes : Tested::fails)) {
      return report_error(environment, other_end(arguments, of_good, *tested));
    }
  }
  const auto found = nightly::bisect(
      *good, *bad, [&](const auto& fails, const auto& passing) { return tree->between(fails, passing); },
      [&](const std::string& revision) { return tester.test(revision); });
  if (!found) return report_error(environment, found.error());
  environment.out << (arguments.json ? json_of(*found) : text_of(*found, *tree));
  return static_cast<int>(found->suspects.size() == 1 ? ExitCode::clean : ExitCode::unknown_only);
}

}  // namespace mapquake::cli
