// A test of the map with threads of its own, explored from inside GoogleTest. One test is wrong on purpose; the e2e
// test that builds this tree looks at how it fails.
#include "my_map.hpp"

#include <mapquake/gtest.hpp>

#include <atomic>
#include <thread>

namespace {

int executions_of_this_process = 0;

TEST(MyMap, KeepsWhatTwoThreadsInsert) {
  mapquake::check([] {
    MAPQUAKE_CHECK(++executions_of_this_process == 1);  // globals begin anew
    MyMap<int, int> map;
    std::thread other([&] { map.insert(1, 10); });
    map.insert(2, 20);
    other.join();
    EXPECT_EQ(map.get(1), 10);
    EXPECT_EQ(map.get(2), 20);
  });
  EXPECT_EQ(executions_of_this_process, 0);
}

TEST(MyMap, LosesACount) {
  mapquake::check([] {
    std::atomic<int> count{0};
    const auto add = [&] { count = count + 1; };
    std::thread other(add);
    add();
    other.join();
    EXPECT_EQ(count, 2);
  });
}

TEST(MyMap, IsTheSecondBodyThatDeadlocks) {
  const auto first = mapquake::explore([] { std::thread([] {}).join(); }, {.executions = 100});
  EXPECT_TRUE(first.clean()) << first.text;
  const auto second = mapquake::explore([] {
    std::mutex mutex;
    std::thread other([&] { mutex.lock(); });
    mutex.lock();
    other.join();
  });
  EXPECT_EQ(second.exit_code, 1) << second.text;
  EXPECT_EQ(second.outcome, "deadlock");
}

}  // namespace
