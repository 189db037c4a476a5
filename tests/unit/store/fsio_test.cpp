// Files are whole or absent, whatever goes wrong meanwhile.
#include "harness/store/fsio.hpp"

#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

namespace mapquake {
namespace {

namespace fs = std::filesystem;

class Fsio : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "mapquake-fsio-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::size_t file_count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }
  fs::path directory_;
};

/// Runs `body` in a child process and answers its exit code, or 128 + the signal that ended it.
template <class Body>
int in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(Fsio, WritesAndReadsBackAndCreatesDirectories) {
  const fs::path path = directory_ / "a" / "b" / "c.toml";
  const std::string bytes("x\0y\n", 4);
  const auto written = write_file_durably(path, bytes);
  ASSERT_TRUE(written) << written.error().what;
  const auto read = read_file_bounded(path, 4);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, bytes);
  ASSERT_TRUE(write_file_durably(path, "shorter"));
  EXPECT_EQ(*read_file_bounded(path, 100), "shorter");
  ASSERT_TRUE(write_file_durably(path, ""));
  EXPECT_EQ(*read_file_bounded(path, 100), "");
  EXPECT_EQ(fs::hard_link_count(path.parent_path()), 2u);
  EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1);
}

TEST_F(Fsio, PlacesThatCannotBeWrittenAreOneClearError) {
  std::ofstream(directory_ / "file") << "x";
  fs::create_directory(directory_ / "directory");
  for (const fs::path& path :
       {directory_ / "file" / "below.toml", directory_ / "file" / "x" / "below.toml", directory_ / "directory",
        directory_ / "directory" / "", fs::path("/proc/x.toml"), fs::path("/proc/none/x.toml"), fs::path("/dev/full"),
        fs::path(""), directory_ / std::string(300, 'x')}) {
    const auto written = write_file_durably(path, "new");
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(written.error().code, ExitCode::input_output);
    EXPECT_NE(written.error().what.find("cannot be written"), std::string::npos) << written.error().what;
  }
  EXPECT_EQ(file_count(), 2u) << "nothing was left behind";
  EXPECT_EQ(*read_file_bounded(directory_ / "file", 10), "x");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

/// The disk is full half-way: a limit on file sizes fails the second write() as ENOSPC would.
TEST_F(Fsio, AFailedWriteLeavesTheOldFileWhole) {
  const fs::path path = directory_ / "kept.toml";
  ASSERT_TRUE(write_file_durably(path, "old"));
  const int result = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto written = write_file_durably(path, std::string(1 << 20, 'n'));
    return written ? 1 : written.error().code == ExitCode::input_output && !written.error().hint.empty() ? 0 : 2;
  });
  EXPECT_EQ(result, 0);
  EXPECT_EQ(*read_file_bounded(path, 100), "old");
  EXPECT_EQ(file_count(), 1u);
}

/// Power cuts are out of reach here; a kill at any moment must leave the old file or the new, whole.
TEST_F(Fsio, AKillLeavesOneOfBothFiles) {
  const fs::path path = directory_ / "killed.toml";
  const std::string old_bytes(300'000, 'o'), new_bytes(400'000, 'n');
  for (int round = 0; round < 40; ++round) {
    ASSERT_TRUE(write_file_durably(path, old_bytes));
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) (void)write_file_durably(path, new_bytes);
    }
    ::usleep(static_cast<useconds_t>(round * 50));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto read = read_file_bounded(path, 1 << 20);
    ASSERT_TRUE(read) << read.error().what;
    ASSERT_TRUE(*read == old_bytes || *read == new_bytes) << "round " << round << ": " << read->size() << " bytes";
  }
}

TEST_F(Fsio, WritersInSeveralProcessesNeverMix) {
  const fs::path path = directory_ / "contended.toml";
  const auto variant = [](int writer) {
    ReplayFile file = samples::lost_key();
    file.label = "writer " + std::to_string(writer);
    file.why.assign(static_cast<std::size_t>(500 + 500 * writer), static_cast<char>('a' + writer));
    return file;
  };
  ASSERT_TRUE(save_replay(variant(0), path));
  constexpr int writers = 4;
  std::vector<pid_t> children;
  for (int writer = 0; writer < writers; ++writer) {
    children.push_back(::fork());
    if (children.back() != 0) continue;
    for (int i = 0; i < 30; ++i) {
      if (!save_replay(variant(writer), path)) ::_exit(1);
    }
    ::_exit(0);
  }
  for (int reads = 0, running = writers; running > 0; ++reads) {
    const auto read = load_replay(path, false);
    ASSERT_TRUE(read) << read.error().what;
    bool known = false;
    for (int writer = 0; writer < writers; ++writer) known = known || samples::same(*read, variant(writer));
    EXPECT_TRUE(known);
    int status = 0;
    while (running > 0 && ::waitpid(children[static_cast<std::size_t>(running - 1)], &status, WNOHANG) > 0) {
      EXPECT_EQ(status, 0);
      --running;
    }
  }
  EXPECT_EQ(file_count(), 1u);
}

TEST_F(Fsio, ReadingIsBoundedAndNeverBlocks) {
  ASSERT_TRUE(write_file_durably(directory_ / "ten", "0123456789"));
  EXPECT_TRUE(read_file_bounded(directory_ / "ten", 10));
  const auto longer = read_file_bounded(directory_ / "ten", 9);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, ExitCode::bad_input);
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  for (const fs::path& path : {directory_ / "pipe", directory_, directory_ / "missing", fs::path("/dev/zero")}) {
    const auto read = read_file_bounded(path, 100);
    ASSERT_FALSE(read) << path;
    EXPECT_EQ(read.error().code, ExitCode::input_output);
    EXPECT_NE(read.error().what.find(path.string()), std::string::npos);
  }
  EXPECT_TRUE(read_file_bounded("/proc/self/status", 1 << 20)) << "size 0 by stat, and yet readable";
}

TEST_F(Fsio, OversizedReplayFilesAreRefusedUnread) {
  const fs::path path = directory_ / "huge.toml";
  std::ofstream(path) << "mapquake = 1\n";
  fs::resize_file(path, std::uintmax_t{1} << 40);
  const auto read = load_replay(path, true);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::bad_input);
}

}  // namespace
}  // namespace mapquake
