// Real threads record what they do to a map, and `mapquake check` says whether it can be.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <mapquake/record.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::run_mapquake;

/// Looks first and adds after; `between` stands there. `broken`: it lets go of the lock for it.
class CheckThenAct {
 public:
  CheckThenAct(bool broken, std::function<void()> between) : broken_(broken), between_(std::move(between)) {}

  bool insert(std::int64_t key, std::int64_t value) {
    std::unique_lock lock(mutex_);
    if (entries_.count(key) != 0) return false;
    if (broken_) lock.unlock();
    between_();
    if (broken_) lock.lock();
    entries_[key] = value;
    return true;
  }
  std::optional<std::int64_t> find(std::int64_t key) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(std::int64_t key) {
    const std::lock_guard lock(mutex_);
    return entries_.erase(key) != 0;
  }

 private:
  const bool broken_;
  const std::function<void()> between_;
  std::mutex mutex_;
  std::map<std::int64_t, std::int64_t> entries_;
};

/// Two threads insert the same keys; between look and act each lets the other come up, if it can.
void record(bool broken, const std::string& path) {
  std::atomic<int> inside{0};
  CheckThenAct map(broken, [&] {
    const int mine = ++inside;
    for (int turn = 0; turn < 2000 && inside.load() == mine; ++turn) std::this_thread::yield();
  });
  Recording recording(path);
  const auto work = [&](std::int64_t name) {
    RecordedThread recorder(recording);
    for (std::int64_t key = 0; key < 200; ++key) {
      recorder.call(Recorded::insert, key, 10 * key + name, [&] { return map.insert(key, 10 * key + name); });
      recorder.call(Recorded::find, key, 0, [&] { return map.find(key); });
      if (key % 3 == 0) recorder.call(Recorded::erase, key, 0, [&] { return map.erase(key); });
    }
  };
  std::thread one(work, 1);
  std::thread two(work, 2);
  one.join();
  two.join();
  EXPECT_EQ(recording.dropped(), 0U);
}

TEST(RecordedRuns, ABrokenMapContradictsAndItsTwinDoesNot) {
  const testing_support::TemporaryDirectory directory;
  const std::string broken = directory.path() / "broken.mqrec";
  record(true, broken);
  const auto contradiction = run_mapquake({"check", broken});
  EXPECT_EQ(contradiction.exit_code, 1) << contradiction.out << contradiction.err;
  EXPECT_THAT(contradiction.out, HasSubstr("✗ Record "));
  EXPECT_THAT(contradiction.out, HasSubstr("verdict: contradiction"));
  const std::string fixed = directory.path() / "fixed.mqrec";
  record(false, fixed);
  const auto right = run_mapquake({"check", fixed});
  EXPECT_EQ(right.exit_code, 0) << right.out << right.err;
  EXPECT_THAT(right.out, HasSubstr("2 threads"));
  EXPECT_THAT(right.out, HasSubstr("verdict: linearizable"));
}

TEST(RecordedRuns, WhatWasGoingOnWhenTheProcessDiedIsKnownAsSuch) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "died.mqrec";
  EXPECT_EXIT(
      {
        Recording recording(path);
        RecordedThread recorder(recording);
        recorder.call(Recorded::assign, 5, 50, [] {});
        recorder.begin(Recorded::erase, 5);
        ::kill(::getpid(), SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
  const auto checked = run_mapquake({"check", path});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("2 calls · 1 key · 1 thread · 1 without an end"));
}

TEST(RecordedRuns, DroppedCallsCutTheHistoryAndContradictNothing) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "full.mqrec";
  {
    Recording recording(path, {2, 4, true});
    RecordedThread one(recording);
    RecordedThread two(recording);
    for (std::int64_t i = 0; i < 6; ++i) one.call(Recorded::assign, 5, i, [] {});
    // Its look-ups come after what was dropped.
    two.call(Recorded::find, 5, 0, [] { return std::optional<std::int64_t>(5); });
    EXPECT_EQ(recording.dropped(), 2U);
  }
  const auto checked = run_mapquake({"check", path});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("4 calls"));
  EXPECT_THAT(checked.out, HasSubstr("2 that the recorder dropped"));
}

TEST(RecordedRuns, ADamagedFileIsRefused) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "cut.mqrec";
  {
    Recording recording(path, {1, 8, true});
    RecordedThread recorder(recording);
    recorder.call(Recorded::assign, 5, 50, [] {});
  }
  const auto damage = [&](std::streamoff at, char byte) {
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(at).put(byte);
  };
  damage(4096, 100);  // so many calls where eight have room
  auto checked = run_mapquake({"check", path});
  EXPECT_EQ(checked.exit_code, 65);
  EXPECT_THAT(checked.err, HasSubstr("thread 1 claims 100 calls where 8 have room"));
  damage(4096, 1);
  damage(4096 + 64 + 48, 77);
  checked = run_mapquake({"check", path});
  EXPECT_EQ(checked.exit_code, 65);
  EXPECT_THAT(checked.err, HasSubstr("cut.mqrec:1: there is no operation 77"));
  damage(12, 1);
  checked = run_mapquake({"check", path});
  EXPECT_EQ(checked.exit_code, 65);
  EXPECT_THAT(checked.err, HasSubstr("its first page makes no sense"));
}

TEST(RecordedRuns, WrongUseAndMissingFiles) {
  EXPECT_EQ(run_mapquake({"check"}).exit_code, 64);
  EXPECT_EQ(run_mapquake({"check", "/nowhere/log"}).exit_code, 74);
  EXPECT_EQ(run_mapquake({"check", "/dev/null"}).exit_code, 65);
  const auto claims = run_mapquake({"check", "/dev/null", "--claims", "size=exact"});
  EXPECT_EQ(claims.exit_code, 64);
  EXPECT_THAT(claims.err, HasSubstr("size=quiescent"));
  EXPECT_THAT(run_mapquake({"help", "recorded"}).out, HasSubstr("loadorstore"));
}

/// docs/examples: the format is documented well enough to be written from any language.
class Writers : public testing::Test {
 protected:
  testing_support::ProcessResult run_in(std::vector<std::string> argv) const {
    testing_support::Command command;
    command.argv = std::move(argv);
    command.directory = directory_.path();
    command.environment = {{"GOCACHE", directory_.path() / "go-cache"}, {"GOFLAGS", "-mod=mod"}, {"GO111MODULE", "on"}};
    return testing_support::run(command);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_.path() / name) << text;
  }
  /// A log whose last look-up is right, and one in which it sees what was erased.
  void expect_right_and_wrong() const {
    const auto right = run_mapquake({"check", directory_.path() / "right.mqrec", "--claims", "size=linearizable"});
    EXPECT_EQ(right.exit_code, 0) << right.out << right.err;
    EXPECT_THAT(right.out, HasSubstr("7 calls · 2 keys · 2 threads · 1 without an end"));
    const auto wrong = run_mapquake({"check", directory_.path() / "wrong.mqrec"});
    EXPECT_EQ(wrong.exit_code, 1) << wrong.out << wrong.err;
    EXPECT_THAT(wrong.out, HasSubstr("find(1) says 10"));
  }
  const testing_support::TemporaryDirectory directory_;
  const std::filesystem::path examples_ = testing_support::source_directory() / "docs" / "examples";
};

TEST_F(Writers, InPython) {
  write("main.py", "import sys\nsys.path.insert(0, sys.argv[1])\n" + std::string(R"(from record import *
for name in ("right", "wrong"):
    recording = Recording(name + ".mqrec", 2, 10)
    one, two, cache = recording.thread(), recording.thread(), {}
    with one.call(INSERT, 1, 10) as call:
        cache[1] = 10
        call.answer(True)
    with two.call(FIND, 1) as call:
        call.answer(cache.get(1))
    with two.call(FIND, 2) as call:
        call.answer(cache.get(2))
    with one.call(ERASE, 1) as call:
        call.answer(cache.pop(1, None) is not None)
    with two.call(SIZE, 0) as call:
        call.answer(len(cache), counts=True)
    with two.call(FIND, 1) as call:
        call.answer(cache.get(1) if name == "right" else 10)
    try:
        with one.call(INSERT, 2, 20) as call:
            raise RuntimeError()
    except RuntimeError:
        pass
    recording.close()
)"));
  const auto ran = run_in({"python3", "main.py", examples_});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  expect_right_and_wrong();
}

TEST_F(Writers, InGo) {
  if (run_in({"go", "version"}).exit_code != 0) GTEST_SKIP() << "go is not installed (Debian: golang-go)";
  std::filesystem::create_directory(directory_.path() / "record");
  std::filesystem::copy_file(examples_ / "record.go", directory_.path() / "record" / "record.go");
  write("go.mod", "module example\ngo 1.19\n");
  write("main.go", R"(package main

import "example/record"

func main() {
	for _, name := range []string{"right", "wrong"} {
		r, err := record.New(name+".mqrec", 2, 10, true)
		if err != nil {
			panic(err)
		}
		one, two := r.Thread(), r.Thread()
		one.Begin(record.Insert, 1, 10, 0).EndBool(true)
		two.Begin(record.Find, 1, 0, 0).EndValue(10, true)
		two.Begin(record.Find, 2, 0, 0).EndValue(0, false)
		one.Begin(record.Erase, 1, 0, 0).EndBool(true)
		two.Begin(record.Size, 0, 0, 0).EndCount(0)
		two.Begin(record.Find, 1, 0, 0).EndValue(10, name == "wrong")
		one.Begin(record.Insert, 2, 20, 0)
		r.Close()
	}
}
)");
  const auto ran = run_in({"go", "run", "."});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  expect_right_and_wrong();
}

TEST(Recorded, ASizeThatIsCountedBehindWritesMayWrapAround) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "run.mqrec";
  {
    Recording recording(path);
    RecordedThread recorder(recording);
    recorder.call(Recorded::size, 0, 0, [] { return std::size_t{0} - 1; });
  }
  const auto quiescent = run_mapquake({"check", path, "--initial", "empty"});
  EXPECT_EQ(quiescent.exit_code, 0) << quiescent.out << quiescent.err;
  const auto held = run_mapquake({"check", path, "--initial", "empty", "--claims", "size=quiescent"});
  EXPECT_EQ(held.exit_code, 1) << held.out << held.err;
  EXPECT_THAT(held.out, HasSubstr("18446744073709551615"));
}

}  // namespace
}  // namespace mapquake
