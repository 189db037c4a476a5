// A git repository, and a working tree of its own for looking at revisions: the user's stays as it is.
#pragma once

#include "harness/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

/// A linked working tree (git-worktree(1)) in a temporary directory, gone with this object.
class Worktree {
 public:
  /// Of the repository that the current directory is in. Errors: bad_input where it is in none, input_output.
  static Result<Worktree> create();
  ~Worktree();
  Worktree(Worktree&&) noexcept;
  Worktree& operator=(Worktree&&) = delete;

  /// The hash of a commit. Errors: usage where there is no such revision.
  Result<std::string> resolve(const std::string& revision) const;
  /// As nightly::Candidates. Errors: input_output.
  Result<std::vector<std::string>> between(const std::string& bad, const std::vector<std::string>& good) const;
  /// Errors: input_output. What earlier builds left there and git does not know stays.
  Result<Done> check_out(const std::string& revision) const;
  /// "1a2b3c4d5e  the subject (the author, 2026-11-28)"
  std::string described(const std::string& revision) const;

  /// Where the current directory would be in it.
  std::filesystem::path directory() const { return root_ / prefix_; }
  /// For files of ours, beside the tree.
  std::filesystem::path scratch() const { return base_; }

 private:
  Worktree() = default;

  std::filesystem::path base_;  ///< empty: moved from
  std::filesystem::path root_;
  std::filesystem::path prefix_;
};

}  // namespace mapquake::cli
