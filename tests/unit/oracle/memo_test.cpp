#include "harness/oracle/memo.hpp"

#include "harness/base/rng.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace mapquake {
namespace {

Fingerprint numbered(std::uint64_t i) {
  return {mix64(2 * i), mix64(2 * i + 1)};
}

void expect_exactly(const Memo& memo, std::uint64_t from, std::uint64_t to, std::uint64_t of) {
  for (std::uint64_t i = 0; i < of; ++i) EXPECT_EQ(memo.contains(numbered(i)), from <= i && i < to) << i;
}

TEST(Memo, HoldsWhatWasInsertedHoweverMuch) {
  Memo memo;
  expect_exactly(memo, 0, 0, 10);
  for (std::uint64_t i = 0; i < 1'000; ++i) memo.insert(numbered(i));
  for (std::uint64_t i = 0; i < 1'000; ++i) memo.insert(numbered(i));
  expect_exactly(memo, 0, 1'000, 2'000);
}

TEST(Memo, NothingOfALargeSearchComesBackInTheNextOnes) {
  Memo memo;
  for (std::uint64_t i = 0; i < 1'000; ++i) memo.insert(numbered(i));
  memo.clear();
  EXPECT_TRUE(memo.empty());
  expect_exactly(memo, 0, 0, 1'000);
  for (std::uint64_t i = 500; i < 900; ++i) {
    memo.insert(numbered(i));
    if (i % 40 == 0) expect_exactly(memo, 500, i + 1, 1'000);
  }
  memo.clear();
  for (std::uint64_t i = 10; i < 20; ++i) memo.insert(numbered(i));
  expect_exactly(memo, 10, 20, 1'000);
}

}  // namespace
}  // namespace mapquake
