// Is an order found exactly where there is one? Histories of a queue and a counter, right beside wrong.
#include <mapquake/models.hpp>
#include <mapquake/object_order.hpp>

#include <gtest/gtest.h>

namespace mapquake::detail {
namespace {

struct QueueTable {
  using Object = models::Queue<>;
  using Model = models::Queue<>;
  using MapquakeModel = Model;
  static constexpr Method<Object, Model> methods[] = {
      method_of<Object, &Object::push, Model, &Model::push>("push"),
      method_of<Object, &Object::pop, Model, &Model::pop>("pop"),
      method_of<Object, &Object::empty, Model, &Model::empty>("empty"),
  };
};
constexpr unsigned push = 0, pop = 1, empty = 2;

/// A queue's history, call by call.
class Calls {
 public:
  Calls& add(std::uint32_t invoked, std::uint32_t returned, unsigned method, std::int64_t value, ObjectAnswer answer) {
    list_.add(method, 0, value);
    ObjectCall& call = list_.calls[list_.count - 1];
    call.invoked = invoked;
    call.returned = returned;
    call.answer = answer;
    return *this;
  }
  bool contradicts() {
    OrderSearch<QueueTable> search;
    search.add(list_);
    return search.contradicts();
  }

 private:
  CallList list_;
};

constexpr ObjectAnswer done{.known = true};
constexpr ObjectAnswer none{.known = true};
constexpr ObjectAnswer threw{};
constexpr ObjectAnswer is(std::int64_t value) {
  return {.known = true, .flag = true, .has_value = true, .value = value};
}
constexpr ObjectAnswer yes{.known = true, .flag = true};

TEST(ObjectOrder, OneAfterTheOtherIsTheModelItself) {
  EXPECT_FALSE(Calls().add(1, 2, push, 11, done).add(3, 4, push, 12, done).add(5, 6, pop, 0, is(11)).contradicts());
  EXPECT_TRUE(Calls().add(1, 2, push, 11, done).add(3, 4, push, 12, done).add(5, 6, pop, 0, is(12)).contradicts());
  EXPECT_TRUE(Calls().add(1, 2, push, 11, done).add(3, 4, pop, 0, none).contradicts());
  EXPECT_TRUE(Calls().add(1, 2, pop, 0, is(11)).contradicts());
}

TEST(ObjectOrder, CallsThatOverlapMayComeEitherWay) {
  EXPECT_FALSE(Calls().add(1, 4, push, 11, done).add(2, 3, push, 21, done).add(5, 6, pop, 0, is(21)).contradicts());
  EXPECT_FALSE(Calls().add(1, 4, push, 11, done).add(2, 3, pop, 0, none).contradicts());
  EXPECT_FALSE(Calls().add(1, 4, push, 11, done).add(2, 3, pop, 0, is(11)).contradicts());
}

TEST(ObjectOrder, AnElementIsTakenOnce) {
  Calls twice;
  twice.add(1, 2, push, 11, done).add(3, 6, pop, 0, is(11)).add(4, 5, pop, 0, is(11));
  EXPECT_TRUE(twice.contradicts());
}

TEST(ObjectOrder, ReadsHaveTheirPlaceToo) {
  EXPECT_FALSE(Calls().add(1, 4, push, 11, done).add(2, 3, empty, 0, yes).contradicts());
  EXPECT_FALSE(Calls().add(1, 4, push, 11, done).add(2, 3, empty, 0, none).contradicts());
  EXPECT_TRUE(Calls().add(1, 2, push, 11, done).add(3, 4, empty, 0, yes).contradicts());
}

TEST(ObjectOrder, ACallThatThrewTookEffectOrDidNot) {
  for (const ObjectAnswer& popped : {is(11), none}) {
    EXPECT_FALSE(Calls().add(1, 2, push, 11, threw).add(3, 4, pop, 0, popped).contradicts());
  }
  EXPECT_TRUE(Calls().add(1, 2, push, 11, threw).add(3, 4, pop, 0, is(12)).contradicts());
}

TEST(ObjectOrder, NothingIsSaidBeyondTheBound) {
  Calls many;
  for (unsigned i = 0; i < 12; ++i) many.add(1 + i, 100 + i, push, i, done);
  many.add(200, 201, pop, 0, is(77));
  EXPECT_FALSE(many.contradicts());
}

TEST(CallText, IsCutWhereItBecomesTooLong) {
  CallText text;
  for (unsigned i = 0; i < 300; ++i) text.put("push(11), ");
  EXPECT_EQ(text.size + 1, sizeof text.text);
  EXPECT_EQ(text.text[text.size], '\0');
}

}  // namespace
}  // namespace mapquake::detail
