#include "harness/history/program_numbers.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

constexpr Numbers byte{0, 255};

Program of(std::vector<Operation> operations) {
  Program program;
  program.threads = {std::move(operations)};
  return program;
}

TEST(ProgramNumbers, KeysAreLookedAtWhereTheyAreKeys) {
  EXPECT_TRUE(keys_within(byte, of({{OpKind::insert, 255, 1'000}})));
  EXPECT_FALSE(keys_within(byte, of({{OpKind::insert, 256, 1}})));
  EXPECT_FALSE(keys_within(byte, of({{OpKind::insert_range, 1, 1, 256}})));
  EXPECT_TRUE(keys_within(byte, of({{OpKind::reserve, 1'000}})));
  EXPECT_TRUE(keys_within({}, of({{OpKind::insert, 256, 1}})));
  Program filled;
  filled.prefill = {{-1, 1}};
  EXPECT_FALSE(keys_within(byte, filled));
}

TEST(ProgramNumbers, ValuesAreLookedAtWithAllThatIsAdded) {
  EXPECT_TRUE(values_within(byte, of({{OpKind::insert, 1'000, 255}})));
  EXPECT_FALSE(values_within(byte, of({{OpKind::insert, 1, 256}})));
  EXPECT_TRUE(values_within(byte, of({{OpKind::insert, 1, 200}, {OpKind::update, 1, 55}})));
  EXPECT_FALSE(values_within(byte, of({{OpKind::insert, 1, 200}, {OpKind::update, 2, 56}})));
  EXPECT_FALSE(values_within(byte, of({{OpKind::update, 1, -1}})));
  EXPECT_FALSE(values_within(byte, of({{OpKind::update, 1, INT64_MAX}, {OpKind::update, 1, INT64_MAX}})));
  EXPECT_FALSE(values_within({5, 9}, of({{OpKind::upsert, 1, 6}}))) << "it begins with 0";
  EXPECT_TRUE(values_within({}, of({{OpKind::insert, 1, 256}})));
}

}  // namespace
}  // namespace mapquake
