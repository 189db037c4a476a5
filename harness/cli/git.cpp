#include "harness/cli/git.hpp"

#include "harness/compile/process.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>

#include <stdlib.h>

#include <sstream>

namespace mapquake::cli {
namespace {

constexpr std::size_t described_bytes_max = 300;

namespace fs = std::filesystem;

/// What git answers, without the last line's end. A repository that the environment names, as in a hook, is not meant.
Result<std::string> git(const fs::path& directory, std::vector<std::string> words, ExitCode code) {
  std::vector<std::string> command{"env", "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "git"};
  if (!directory.empty()) command.insert(command.end(), {"-C", directory.string()});
  const std::string what = words.front();
  command.insert(command.end(), std::make_move_iterator(words.begin()), std::make_move_iterator(words.end()));
  auto done = compile::run_process(command, compile::Output::collected);
  if (!done) return done.error();
  if (done->exit_code != 0) {
    return Error{code, fmt::format("git {} failed (exit code {})", what, done->exit_code), "Its message is above."};
  }
  while (done->output.ends_with('\n')) done->output.pop_back();
  return std::move(done->output);
}

}  // namespace

Result<Worktree> Worktree::create() {
  const auto prefix = git({}, {"rev-parse", "--show-prefix"}, ExitCode::bad_input);
  if (!prefix) return prefix.error();
  std::string pattern = (fs::temp_directory_path() / "mapquake-bisect-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return Error{ExitCode::input_output, fmt::format("{}: cannot be made", pattern), "Set TMPDIR to a place that can."};
  }
  Worktree tree;
  tree.base_ = pattern;
  tree.root_ = tree.base_ / "tree";
  tree.prefix_ = *prefix;
  const auto added =
      git({}, {"worktree", "add", "--no-checkout", "--quiet", "--detach", tree.root_.string()}, ExitCode::input_output);
  if (!added) return added.error();
  return tree;
}

Worktree::Worktree(Worktree&& other) noexcept
    : base_(std::move(other.base_)), root_(std::move(other.root_)), prefix_(std::move(other.prefix_)) {
  other.base_.clear();
}

Worktree::~Worktree() {
  if (base_.empty()) return;
  std::error_code ignored;
  fs::remove_all(base_, ignored);
  (void)git({}, {"worktree", "prune"}, ExitCode::input_output);
}

Result<std::string> Worktree::resolve(const std::string& revision) const {
  return git(root_, {"rev-parse", "--verify", "--end-of-options", revision + "^{commit}"}, ExitCode::usage);
}

Result<std::vector<std::string>> Worktree::between(const std::string& bad, const std::vector<std::string>& good) const {
  std::vector<std::string> words{"rev-list", "--bisect-all", bad, "--not"};
  words.insert(words.end(), good.begin(), good.end());
  const auto listed = git(root_, std::move(words), ExitCode::input_output);
  if (!listed) return listed.error();
  std::vector<std::string> revisions;
  std::istringstream lines(*listed);
  // "HASH (dist=3)": the greater, the more evenly it divides what is left.
  for (std::string line; std::getline(lines, line);) revisions.push_back(line.substr(0, line.find(' ')));
  return revisions;
}

Result<Done> Worktree::check_out(const std::string& revision) const {
  const auto done = git(root_, {"checkout", "--quiet", "--force", "--detach", revision}, ExitCode::input_output);
  if (!done) return done.error();
  return Done{};
}

std::string Worktree::described(const std::string& revision) const {
  const auto shown =
      git(root_, {"log", "-1", "--date=short", "--format=%h  %s (%an, %ad)", revision}, ExitCode::input_output);
  // Written by strangers, shown on a terminal.
  return shown ? cleaned(*shown, described_bytes_max, LineBreaks::forbidden) : revision;
}

}  // namespace mapquake::cli
