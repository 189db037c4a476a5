// Wear: calls made again and again before all others, and held to the model one after another.
#include "tests/unit/adapters/scripted_host.hpp"

#include <mapquake/models.hpp>
#include <mapquake/object_wear.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace mapquake::detail {
namespace {

struct RingTable {
  using MapquakeObject = models::Queue<2>;
  using MapquakeModel = models::Queue<2>;
  static constexpr Method<MapquakeObject, MapquakeModel> methods[] = {
      method_of<MapquakeObject, &MapquakeObject::push, MapquakeModel, &MapquakeModel::push>("push"),
      method_of<MapquakeObject, &MapquakeObject::pop, MapquakeModel, &MapquakeModel::pop>("pop"),
  };
};

/// Makes calls, of which the one numbered `throws` does not answer, and the one numbered `lies` answers no.
struct Maker {
  unsigned throws = UINT32_MAX, lies = UINT32_MAX;
  unsigned made = 0;

  void make(ObjectCall& call, models::Queue<2>& object) {
    const unsigned number = made++;
    if (number == throws) return;
    RingTable::methods[call.method].on_object(object, call, call.answer);
    call.answer.known = true;
    if (number == lies) call.answer.flag = false;
  }
};

/// Each a push, then a pop.
Wear<RingTable> rounds_of_push_and_pop(unsigned doublings) {
  test::ScriptedHost host;
  host.answer({1, doublings, 1, 0, 2, 0, 0, 0, 0, 0});
  Wear<RingTable> wear;
  wear.draw();
  return wear;
}

std::string told(const Wear<RingTable>& wear) {
  CallText text;
  wear.tell(text);
  return text.text;
}

TEST(ObjectWear, IsMostlyNone) {
  test::ScriptedHost host;
  host.answer({0});
  Wear<RingTable> wear;
  wear.draw();
  EXPECT_EQ(wear.count(), 0u);
  models::Queue<2> model;
  EXPECT_TRUE(wear.explained_by(model));
  EXPECT_EQ(told(wear), "");
}

TEST(ObjectWear, MakesItsCallsAgainAndAgain) {
  Wear<RingTable> wear = rounds_of_push_and_pop(8);
  EXPECT_EQ(wear.count(), 512u);
  Maker maker;
  models::Queue<2> object, model;
  wear.run(maker, object);
  EXPECT_EQ(maker.made, 512u);
  EXPECT_TRUE(wear.explained_by(model));
  EXPECT_EQ(model.pop(), std::nullopt);
  EXPECT_EQ(told(wear), "\nat first 256 rounds of push, pop");
}

TEST(ObjectWear, TellsTheFirstAnswerThatTheModelDoesNotGive) {
  Wear<RingTable> wear = rounds_of_push_and_pop(2);
  Maker maker{.lies = 4};
  models::Queue<2> object, model;
  wear.run(maker, object);
  EXPECT_FALSE(wear.is_wrong());
  EXPECT_FALSE(wear.explained_by(model));
  EXPECT_TRUE(wear.is_wrong());
  EXPECT_EQ(told(wear), "\nat first 4 rounds of push, pop, in which call 5 is push(1005) = no");
}

TEST(ObjectWear, IsOpenFromACallOnThatThrew) {
  Wear<RingTable> wear = rounds_of_push_and_pop(2);
  Maker maker{.throws = 2};
  models::Queue<2> object;
  wear.run(maker, object);
  EXPECT_EQ(maker.made, 3u);
  EXPECT_TRUE(wear.is_open());
}

}  // namespace
}  // namespace mapquake::detail
