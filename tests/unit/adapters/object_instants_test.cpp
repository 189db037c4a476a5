// Calls that take effect at one instant: they overlap, each of them, and no instant is left half.
#include "tests/unit/adapters/object_history.hpp"

#include <mapquake/models.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <utility>

namespace mapquake::detail {
namespace {

using namespace test_history;

/// Stands for an object, too: none of its functions is called as one.
template <Consistency promised>
struct Exchange {
  static constexpr Consistency consistency = promised;
  std::optional<std::pair<int, int>> half;
  int exchanged = 0;
  std::optional<int> exchange(int) { return std::nullopt; }
  bool exchange_of_model(int given, std::optional<int> got) {
    if (!half) {
      if (got) half = {given, *got};
      return true;
    }
    const auto [first_gave, first_got] = *std::exchange(half, std::nullopt);
    ++exchanged;
    return got == first_gave && given == first_got;
  }
  bool is_half() const { return half.has_value(); }
  int count() const { return exchanged; }
  bool settled() const { return !half; }
  friend bool operator==(const Exchange&, const Exchange&) = default;
};
template <class Model>
struct ExchangeTable {
  using MapquakeModel = Model;
  static constexpr Method<Model, Model> methods[] = {
      method_of<Model, &Model::exchange, Model, &Model::exchange_of_model>("exchange"),
      method_of<Model, &Model::is_half, Model, &Model::is_half>("is_half"),
      method_of<Model, &Model::count, Model, &Model::count>("count"),
  };
};
constexpr unsigned exchange = 0, is_half = 1, exchanges = 2;
using Exchanger = ExchangeTable<Exchange<Consistency::linearizable>>;

TEST(ObjectInstants, TwoThatOverlapExchange) {
  EXPECT_FALSE(contradicts<Exchanger>({{A, 1, 3, exchange, 11, is(21)}, {B, 2, 4, exchange, 21, is(11)}}));
  EXPECT_FALSE(contradicts<Exchanger>({{A, 1, 4, exchange, 11, is(21)}, {B, 2, 3, exchange, 21, is(11)}}));
  EXPECT_TRUE(contradicts<Exchanger>({{A, 1, 3, exchange, 11, is(22)}, {B, 2, 4, exchange, 21, is(11)}}));
}

TEST(ObjectInstants, TwoThatDoNotOverlapDoNot) {
  EXPECT_TRUE(contradicts<Exchanger>({{A, 1, 2, exchange, 11, is(21)}, {B, 3, 4, exchange, 21, is(11)}}));
  EXPECT_TRUE(contradicts<Exchanger>({{A, 1, 2, exchange, 11, is(12)}, {A, 3, 4, exchange, 12, is(11)}}));
}

TEST(ObjectInstants, NoneIsHalfWhenAllIsOver) {
  EXPECT_TRUE(contradicts<Exchanger>({{A, 1, 3, exchange, 11, is(21)}, {B, 2, 4, exchange, 21, none}}));
  EXPECT_TRUE(contradicts<Exchanger>({{A, 1, 2, exchange, 11, is(21)}}));
  EXPECT_FALSE(contradicts<Exchanger>({{A, 1, 3, exchange, 11, none}, {B, 2, 4, exchange, 21, none}}));
}

TEST(ObjectInstants, AnOfferIsTakenOnce) {
  EXPECT_TRUE(contradicts<Exchanger>(
      {{A, 1, 6, exchange, 11, is(21)}, {B, 2, 5, exchange, 21, is(11)}, {C, 3, 4, exchange, 31, is(11)}}));
}

TEST(ObjectInstants, FollowEachOther) {
  EXPECT_FALSE(contradicts<Exchanger>({{A, 1, 3, exchange, 11, is(21)},
                                       {B, 2, 9, exchange, 21, is(11)},
                                       {A, 4, 8, exchange, 12, is(31)},
                                       {C, 5, 7, exchange, 31, is(12)}}));
  // B's begins where A's second has ended; what it got is of the first.
  EXPECT_TRUE(contradicts<Exchanger>({{A, 1, 3, exchange, 11, is(21)},
                                      {A, 4, 6, exchange, 12, is(31)},
                                      {C, 5, 7, exchange, 31, is(12)},
                                      {B, 8, 9, exchange, 21, is(11)}}));
}

TEST(ObjectInstants, WhatChangesNothingIsAskedBetweenThem) {
  for (const std::int64_t seen : {0, 1}) {
    EXPECT_FALSE(contradicts<Exchanger>({{A, 1, 5, exchange, 11, is(21)},
                                         {B, 2, 6, exchange, 21, is(11)},
                                         {C, 3, 4, exchanges, 0, is(seen)},
                                         {rest, 7, 8, exchanges, 0, is(1)}}));
  }
  EXPECT_TRUE(contradicts<Exchanger>(
      {{A, 1, 5, exchange, 11, is(21)}, {B, 2, 6, exchange, 21, is(11)}, {C, 3, 4, is_half, 0, yes}}));
}

TEST(ObjectInstants, HaveTheOrderOfThreadsWhereTimeDoesNotCount) {
  using Sequential = ExchangeTable<Exchange<Consistency::sequential>>;
  EXPECT_FALSE(contradicts<Sequential>({{A, 1, 2, exchange, 11, is(21)}, {B, 3, 4, exchange, 21, is(11)}}));
  EXPECT_TRUE(contradicts<Sequential>({{A, 1, 2, exchange, 11, is(12)}, {A, 3, 4, exchange, 12, is(11)}}));
  EXPECT_TRUE(contradicts<Sequential>({{A, 1, 2, exchange, 11, is(21)}, {rest, 3, 4, exchange, 21, is(11)}}));
}

TEST(ObjectInstants, HoldWhatIsHeldAtRest) {
  using AtRest = ExchangeTable<Exchange<Consistency::at_rest>>;
  EXPECT_FALSE(contradicts<AtRest>(
      {{A, 1, 5, exchange, 11, is(21)}, {B, 2, 6, exchange, 21, is(11)}, {C, 3, 4, is_half, 0, yes}}));
  EXPECT_TRUE(contradicts<AtRest>({{A, 1, 2, exchange, 11, is(21)}, {B, 3, 4, exchange, 21, is(11)}}));
}

TEST(ObjectInstants, HoldOneCallWhereNoOtherIs) {
  Exchange<Consistency::linearizable> model;
  ObjectCall call;
  call.answer = none;
  EXPECT_TRUE(OrderSearch<Exchanger>::performs_alone(model, call));
  call.answer = is(21);
  EXPECT_FALSE(OrderSearch<Exchanger>::performs_alone(model, call));
}

/// An immediate snapshot (Borowsky and Gafni 1993), counted: who joins answers how many have by the end of the instant.
struct Snapshot {
  int joined = 0, seen = 0;
  int join(int) { return 0; }
  bool join_of_model(int, int answer) {
    if (settled()) seen = answer;
    return ++joined <= seen && answer == seen;
  }
  bool settled() const { return joined == seen; }
};
struct SnapshotTable {
  using MapquakeModel = Snapshot;
  static constexpr Method<Snapshot, Snapshot> methods[] = {
      method_of<Snapshot, &Snapshot::join, Snapshot, &Snapshot::join_of_model>("join")};
};
constexpr unsigned join = 0;

TEST(ObjectInstants, AreOfAsManyAsOverlapEachOther) {
  EXPECT_FALSE(
      contradicts<SnapshotTable>({{A, 1, 4, join, 11, is(3)}, {B, 2, 5, join, 21, is(3)}, {C, 3, 6, join, 31, is(3)}}));
  EXPECT_FALSE(
      contradicts<SnapshotTable>({{A, 1, 4, join, 11, is(2)}, {B, 2, 5, join, 21, is(2)}, {C, 3, 6, join, 31, is(3)}}));
  // A's overlaps both, which do not overlap each other.
  EXPECT_TRUE(
      contradicts<SnapshotTable>({{A, 1, 6, join, 11, is(3)}, {B, 2, 3, join, 21, is(3)}, {C, 4, 5, join, 31, is(3)}}));
  EXPECT_FALSE(
      contradicts<SnapshotTable>({{A, 1, 6, join, 11, is(3)}, {B, 2, 3, join, 21, is(1)}, {C, 4, 5, join, 31, is(3)}}));
}

/// Always two: no answer tells who.
struct Clap {
  bool half = false;
  void clap() { half = !half; }
  bool settled() const { return !half; }
  friend bool operator==(const Clap&, const Clap&) = default;
};
struct ClapTable {
  using MapquakeModel = Clap;
  static constexpr Method<Clap, Clap> methods[] = {method_of<Clap, &Clap::clap, Clap, &Clap::clap>("clap")};
};
constexpr unsigned clap = 0;

TEST(ObjectInstants, ThatAreHalfDifferByTheirCalls) {
  // The first with the second leaves the third without the fourth, in a state like that of the pairs that there are.
  EXPECT_FALSE(
      contradicts<ClapTable>({{A, 1, 10, clap, 0}, {B, 2, 6, clap, 0}, {C, 3, 5, clap, 0}, {C, 7, 9, clap, 0}}));
}

TEST(ObjectInstants, ACallThatThrewIsInOneOrInNone) {
  EXPECT_TRUE(contradicts<ClapTable>({{A, 1, 2, clap, 0}}));
  EXPECT_FALSE(contradicts<ClapTable>({{A, 1, 2, clap, 0, threw}}));
  EXPECT_FALSE(contradicts<ClapTable>({{A, 1, 3, clap, 0, threw}, {B, 2, 4, clap, 0}}));
  EXPECT_TRUE(contradicts<ClapTable>({{A, 1, 2, clap, 0, threw}, {B, 3, 4, clap, 0}}));
  EXPECT_FALSE(contradicts<ClapTable>({{A, 1, 8, clap, 0}, {B, 2, 3, clap, 0, threw}, {B, 4, 7, clap, 0}}));
}

TEST(ObjectInstants, AreNoBurdenWhereThereAreNone) {
  static_assert(!GathersInstants<models::Queue<>> && GathersInstants<Clap>);
  static_assert(sizeof(Reached<models::Queue<>, unsigned>) == sizeof(unsigned));
}

TEST(ObjectInstants, AreSpokenOfWhereThereAreSome) {
  using namespace std::literals;
  EXPECT_EQ(OrderSearch<Exchanger>::failure,
            "not set-linearizable: no order of calls explains the answers\n"
            "(calls that overlap may take effect at one instant)"sv);
  for (const Consistency consistency : {Consistency::linearizable, Consistency::sequential, Consistency::at_rest}) {
    EXPECT_EQ(std::string_view(name_of_failure(consistency, false)).find("instant"), std::string_view::npos);
    EXPECT_NE(std::string_view(name_of_failure(consistency, true)).find("may take effect at one instant"),
              std::string_view::npos);
  }
}

}  // namespace
}  // namespace mapquake::detail
