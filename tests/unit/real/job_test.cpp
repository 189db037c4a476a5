#include "harness/real/job.hpp"

#include <gtest/gtest.h>

namespace mapquake::real {
namespace {

TEST(Job, ComesBackAsItWas) {
  Job job;
  job.task = Task::stress;
  job.map = "a \"map\"";
  job.keys = Keys::hot_window;
  job.write_percent = 0.01;
  job.seed = UINT64_MAX;
  job.directory = "/tmp/\xff";
  const auto back = decode_job(encode(job));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->task, Task::stress);
  EXPECT_EQ(back->map, job.map);
  EXPECT_EQ(back->keys, Keys::hot_window);
  EXPECT_EQ(back->write_percent, 0.01);
  EXPECT_EQ(back->seed, UINT64_MAX);
}

TEST(Job, OtherTextIsNone) {
  EXPECT_FALSE(decode_job(""));
  EXPECT_FALSE(decode_job("{}"));
  EXPECT_FALSE(decode_job("[1]"));
  EXPECT_FALSE(decode_message("not json"));
}

TEST(Message, ComesBackAsItWas) {
  Message message;
  RealMap map{"m", "k", "v", op_bit(OpKind::find), {}};
  map.claims.concurrent_use = ConcurrentUse::all_operations;
  map.claims.linearizable = false;
  map.claims.exclusive_operations = op_bit(OpKind::clear);
  message.maps.push_back(map);
  Repetition repetition;
  repetition.operations = 5;
  repetition.slow.push_back({1, 9, 2, OpKind::erase, -7, 1, 2, 3, 4, 5, 6});
  repetition.growths.push_back({3, 4, 1, OpKind::insert, 100, 50});
  message.repetition = repetition;
  message.preset = PresetRun{1, 2.5, 3};
  message.round = 17;
  message.error = "why";
  const auto back = decode_message(encode(message));
  ASSERT_TRUE(back);
  ASSERT_EQ(back->maps.size(), 1U);
  EXPECT_FALSE(back->maps[0].claims.linearizable);
  EXPECT_EQ(back->maps[0].claims.exclusive_operations, op_bit(OpKind::clear));
  EXPECT_EQ(back->maps[0].claims.concurrent_use, ConcurrentUse::all_operations);
  ASSERT_TRUE(back->repetition);
  ASSERT_EQ(back->repetition->slow.size(), 1U);
  EXPECT_EQ(back->repetition->slow[0].key, -7);
  EXPECT_EQ(back->repetition->slow[0].kind, OpKind::erase);
  EXPECT_EQ(back->repetition->growths.at(0).largest, 50U);
  EXPECT_EQ(back->preset->live, 3U);
  EXPECT_EQ(back->round, 17U);
  EXPECT_EQ(back->error, "why");
}

TEST(Keys, NamesAreFoundAgain) {
  for (const std::string& name : key_names()) EXPECT_EQ(name_of(*keys_named(name)), name);
  EXPECT_FALSE(keys_named("gaussian"));
}

}  // namespace
}  // namespace mapquake::real
