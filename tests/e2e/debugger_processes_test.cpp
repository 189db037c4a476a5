// The processes of `mapquake replay FILE --gdb`: whoever ends leaves none.
#include "tests/support/gdb.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::command_line;
using testing_support::stored;

TEST(WithoutGdb, WhatToInstallIsSaid) {
  const testing_support::TemporaryDirectory nothing;
  const auto result =
      testing_support::run({{testing_support::mapquake_binary(), "replay", stored("buggy_lock_order"), "--gdb"},
                            {{"PATH", nothing.path()}},
                            {},
                            {}});
  EXPECT_EQ(result.exit_code, 74);
  EXPECT_THAT(result.err, HasSubstr("gdb is not installed"));
  EXPECT_THAT(result.err, HasSubstr("apt-get install gdb"));
}

/// All that it has started, and they.
std::vector<int> descendants_of(int pid) {
  std::vector<int> all;
  for (const int child : testing_support::children_of(pid)) {
    all.push_back(child);
    const auto theirs = descendants_of(child);
    all.insert(all.end(), theirs.begin(), theirs.end());
  }
  return all;
}

class HeldInGdb : public testing_support::NeedsGdb {
 protected:
  /// Starts a gdb that stays at the first stop for ever. Answers its process.
  int start() {
    const std::string ready = directory_.path() / "ready";
    const std::string stay = "python import time; open(\"" + ready + "\", \"w\").close(); time.sleep(1000)";
    running_ = std::make_unique<testing_support::RunningMapquake>(command_line(stored("buggy_zero_capacity"), {stay}),
                                                                  directory_.path());
    EXPECT_TRUE(testing_support::eventually([&] { return std::filesystem::exists(ready); }));
    started_ = descendants_of(running_->pid());
    for (const int pid : testing_support::children_of(running_->pid())) {
      std::error_code error;
      const auto program = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", error);
      if (program.filename() == "gdb") return pid;
    }
    ADD_FAILURE() << "no gdb among the children";
    return -1;
  }
  void expect_nothing_left() const {
    EXPECT_GE(started_.size(), 3u) << "gdb, a template and its worker";
    for (const int pid : started_) {
      EXPECT_TRUE(testing_support::eventually([&] { return !testing_support::is_alive(pid); })) << pid;
    }
  }

  testing_support::TemporaryDirectory directory_;
  std::unique_ptr<testing_support::RunningMapquake> running_;
  std::vector<int> started_;
};

TEST_F(HeldInGdb, AKilledGdbLeavesNoProcess) {
  const int gdb = start();
  ASSERT_GT(gdb, 0);
  ::kill(gdb, SIGKILL);
  EXPECT_EQ(running_->wait(), 74);
  EXPECT_THAT(running_->err(), HasSubstr("gdb ended with exit code 137"));
  expect_nothing_left();
}

TEST_F(HeldInGdb, AKilledMapquakeLeavesNoProcess) {
  ASSERT_GT(start(), 0);
  running_->signal(SIGKILL);
  EXPECT_EQ(running_->wait(), 128 + SIGKILL);
  expect_nothing_left();
}

TEST_F(HeldInGdb, ATerminatedMapquakeLeavesNoProcess) {
  ASSERT_GT(start(), 0);
  running_->signal(SIGTERM);
  EXPECT_EQ(running_->wait(), 143);
  expect_nothing_left();
}

}  // namespace
}  // namespace mapquake
