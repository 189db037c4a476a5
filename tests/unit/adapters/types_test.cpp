// Keys, values, their conversions, and the hash that scenarios control.
#include "tests/unit/adapters/scripted_host.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <mapquake/blob.hpp>
#include <mapquake/traced.hpp>
#include <mapquake/types.hpp>

#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <unordered_set>

namespace mapquake {
namespace {

using test::Failed;
using test::ScriptedHost;

template <class T>
void expect_round_trip(std::int64_t number) {
  const T made = Convert<T>::from(number);
  EXPECT_EQ(Convert<T>::to(made), number);
  if constexpr (checks_itself<T>) {
    EXPECT_TRUE(Convert<T>::intact(made));
  }
}

TEST(AdapterTypes, ConversionsAreInverse) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{42}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()}) {
    expect_round_trip<Key>(number);
    expect_round_trip<Value>(number);
    expect_round_trip<std::int64_t>(number);
    expect_round_trip<std::string>(number);
    expect_round_trip<Blob<64>>(number);
    expect_round_trip<TracedKey>(number);
    expect_round_trip<TracedValue>(number);
  }
}

RC_GTEST_PROP(AdapterTypes, StringsOfDifferentNumbersDiffer, (std::int64_t a, std::int64_t b)) {
  RC_ASSERT(Convert<std::string>::to(Convert<std::string>::from(a)) == a);
  RC_ASSERT((Convert<std::string>::from(a) == Convert<std::string>::from(b)) == (a == b));
}

TEST(AdapterTypes, OneStringInFourFitsTheSmallBuffer) {
  const std::size_t small = std::string().capacity();
  for (const std::int64_t fourth : {std::int64_t{0}, std::int64_t{4}, std::int64_t{99'999'999'999'996}}) {
    EXPECT_LE(Convert<std::string>::from(fourth).size(), small);
    EXPECT_GT(Convert<std::string>::from(fourth + 1).size(), small);
    EXPECT_GT(Convert<std::string>::from(fourth + 2).size(), small);
    EXPECT_GT(Convert<std::string>::from(fourth + 3).size(), small);
    EXPECT_GT(Convert<std::string>::from(-fourth - 2).size(), small);
  }
}

TEST(AdapterTypes, StringsBeginOthersAndAreAlikeForLong) {
  const std::string first = Convert<std::string>::from(40), next = Convert<std::string>::from(41),
                    last = Convert<std::string>::from(42), other = Convert<std::string>::from(43);
  EXPECT_TRUE(next.starts_with(first));
  EXPECT_EQ(next.substr(0, 35), last.substr(0, 35));
  EXPECT_EQ(next.size(), last.size());
  EXPECT_TRUE(other.starts_with(first));
  EXPECT_NE(other[first.size()], next[first.size()]);
}

TEST(AdapterTypes, StringsOfGreatNumbersAreLongerThanAByteCounts) {
  for (const std::int64_t number :
       {std::int64_t{1} << 48, std::numeric_limits<std::int64_t>::max(), std::int64_t{-1}}) {
    EXPECT_GT(Convert<std::string>::from(number).size(), 255u);
    EXPECT_TRUE(Convert<std::string>::intact(Convert<std::string>::from(number)));
  }
}

RC_GTEST_PROP(AdapterTypes, StringsAreOrderedAsTheirNumbersAre, ()) {
  const auto number = rc::gen::oneOf(
      rc::gen::inRange<std::int64_t>(-100, 100), rc::gen::arbitrary<std::int64_t>(),
      rc::gen::element(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()),
      rc::gen::inRange<std::int64_t>(99'999'999'999'990, 100'000'000'000'010));
  const std::int64_t a = *number, b = *number;
  RC_ASSERT((Convert<std::string>::from(a) < Convert<std::string>::from(b)) == (a < b));
}

TEST(AdapterTypes, ADamagedStringIsNotIntact) {
  const std::string good = Convert<std::string>::from(7);
  EXPECT_TRUE(Convert<std::string>::intact(good));
  EXPECT_FALSE(Convert<std::string>::intact(good.substr(1)));
  std::string damaged = good;
  damaged[20] = 'x';
  EXPECT_FALSE(Convert<std::string>::intact(damaged));
  damaged = good;
  damaged.back() = '4';
  EXPECT_FALSE(Convert<std::string>::intact(damaged));
  damaged.back() = '1';  // which has another character in front
  EXPECT_FALSE(Convert<std::string>::intact(damaged));
  EXPECT_FALSE(Convert<std::string>::intact(good.substr(0, 20)));
  EXPECT_TRUE(Convert<std::string>::intact("")) << "the lowest number";
}

TEST(AdapterTypes, ABlobOfTwoHalvesIsTorn) {
  using Large = Blob<256>;
  const Large one(1);
  const Large two(2);
  Large mixed(one);
  EXPECT_TRUE(mixed.intact());
  std::memcpy(static_cast<void*>(&mixed), &two, sizeof mixed / 2);
  EXPECT_FALSE(mixed.intact());
  mixed = two;
  EXPECT_TRUE(mixed.intact());
  EXPECT_EQ(mixed.number(), 2);
}

TEST(AdapterTypes, HashObeysTheScenario) {
  ScriptedHost host;
  const auto distinct = [] {
    std::set<std::size_t> seen;
    for (std::int64_t i = 0; i < 100; ++i) seen.insert(std::hash<Key>{}(Key{i}));
    return seen.size();
  };
  EXPECT_EQ(distinct(), 100u);
  host.hash(abi::HashMode::constant);
  EXPECT_EQ(distinct(), 1u);
  host.hash(abi::HashMode::few);
  EXPECT_EQ(distinct(), 4u);
  host.hash(abi::HashMode::identity);
  EXPECT_EQ(std::hash<Key>{}(Key{17}), 17u);
  EXPECT_EQ(Hash<std::string>{}(Convert<std::string>::from(17)), 17u);
  EXPECT_EQ(std::hash<TracedKey>{}(TracedKey(17)), 17u);
}

TEST(AdapterTypes, TracedObjectsAreCounted) {
  const std::int64_t before = detail::count_of_traced();
  {
    TracedKey a(1);
    TracedKey b(a);
    TracedKey c(std::move(a));
    b = c;
    EXPECT_EQ(detail::count_of_traced(), before + 3);
  }
  EXPECT_EQ(detail::count_of_traced(), before);
}

TEST(AdapterTypes, TracedObjectsThrowWhereTheHarnessSaysSo) {
  ScriptedHost host;
  const std::int64_t before = detail::count_of_traced();
  TracedKey a(1);
  TracedKey b(2);
  host.let_throw(abi::UserCode::key_copy);
  EXPECT_THROW(TracedKey copy(a), InjectedException);
  EXPECT_THROW(a = b, InjectedException);
  host.let_throw(abi::UserCode::key_move);
  EXPECT_THROW(TracedKey moved(std::move(a)), InjectedException);
  host.let_throw(abi::UserCode::key_comparison);
  EXPECT_THROW(static_cast<void>(a == b), InjectedException);
  EXPECT_THROW(static_cast<void>(a < b), InjectedException);
  host.let_throw(abi::UserCode::key_hash);
  EXPECT_THROW(std::hash<TracedKey>{}(a), InjectedException);
  host.let_throw(abi::UserCode::key_construction);
  EXPECT_THROW(TracedKey(), InjectedException);
  EXPECT_NO_THROW(TracedKey(3));
  EXPECT_EQ(a.number(), 1);
  EXPECT_EQ(detail::count_of_traced(), before + 2);
}

TEST(AdapterTypes, UseAfterDestructionIsNoticed) {
  ScriptedHost host;
  alignas(TracedValue) unsigned char memory[sizeof(TracedValue)];
  TracedValue* volatile object = new (memory) TracedValue(5);  // volatile: the compiler shall not see through this
  object->~TracedValue();
  EXPECT_THROW(object->number(), Failed);
}

TEST(AdapterTypes, BitwiseCopiesAreNoticed) {
  ScriptedHost host;
  const TracedValue original(5);
  alignas(TracedValue) unsigned char memory[sizeof(TracedValue)];
  std::memcpy(memory, &original, sizeof original);
  EXPECT_THROW(std::launder(reinterpret_cast<TracedValue*>(memory))->number(), Failed);
}

TEST(AdapterTypes, HostAnswersReachTheAdapter) {
  EXPECT_EQ(choose(7), 0u);
  EXPECT_EQ(now_ms(), 0u);
  ScriptedHost host;
  EXPECT_EQ(choose(7), 6u);
  EXPECT_EQ(now_ms(), 1234u);
  point("here");
  EXPECT_EQ(host.points(), std::vector<std::string>{"here"});
  EXPECT_THROW(fail("broken"), Failed);
}

}  // namespace
}  // namespace mapquake
