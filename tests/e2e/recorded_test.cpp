// Real threads record what they do to a map, and `mapquake check` says whether it can be.
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <mapquake/record.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
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

}  // namespace
}  // namespace mapquake
