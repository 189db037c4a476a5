// Is an order found exactly where there is one? Histories of a queue and a counter, right beside wrong.
#include "tests/unit/adapters/object_history.hpp"

#include <mapquake/models.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <vector>

namespace mapquake::detail {
namespace {

using namespace test_history;

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
    list_.add(method, list_.count, 0, value);
    ObjectCall& call = list_.calls[list_.count - 1];
    call.invoked = invoked;
    call.returned = returned;
    call.answer = answer;
    return *this;
  }
  bool contradicts() {
    OrderSearch<QueueTable> search;
    search.add(list_, 0);
    return search.contradicts();
  }

 private:
  CallList list_;
};

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

/// A register whose calls are made by threads.
template <Consistency promised>
struct Register {
  static constexpr Consistency consistency = promised;
  int value = 0;
  void write(int written) { value = written; }
  int read() const { return value; }
  friend bool operator==(const Register&, const Register&) = default;
};
template <Consistency promised>
struct RegisterTable {
  using Model = Register<promised>;
  using MapquakeModel = Model;
  static constexpr Method<Model, Model> methods[] = {
      method_of<Model, &Model::write, Model, &Model::write>("write"),
      method_of<Model, &Model::read, Model, &Model::read>("read"),
  };
};
constexpr unsigned write = 0, read = 1;

using Linearizable = RegisterTable<Consistency::linearizable>;
using Sequential = RegisterTable<Consistency::sequential>;
using AtRest = RegisterTable<Consistency::at_rest>;

TEST(Consistency, ALaterThreadMaySeeTheOldValueUnlessTimeCounts) {
  const std::initializer_list<Made> late = {
      {A, 1, 2, write, 11}, {B, 3, 4, read, 0, is(0)}, {rest, 5, 6, read, 0, is(11)}};
  EXPECT_TRUE(contradicts<Linearizable>(late));
  EXPECT_FALSE(contradicts<Sequential>(late));
  EXPECT_FALSE(contradicts<AtRest>(late));
}

TEST(Consistency, AThreadSeesItsOwnWritesAndNeverGoesBack) {
  const std::initializer_list<Made> own = {{A, 1, 2, write, 11}, {A, 3, 4, read, 0, is(0)}};
  EXPECT_TRUE(contradicts<Sequential>(own));
  EXPECT_FALSE(contradicts<AtRest>(own));
  EXPECT_TRUE(contradicts<Sequential>({{A, 1, 2, write, 11}, {B, 3, 4, read, 0, is(11)}, {B, 5, 6, read, 0, is(0)}}));
}

TEST(Consistency, AtRestAllIsSeen) {
  const std::initializer_list<Made> lost = {{A, 1, 2, write, 11}, {rest, 3, 4, read, 0, is(0)}};
  EXPECT_TRUE(contradicts<Linearizable>(lost));
  EXPECT_TRUE(contradicts<Sequential>(lost));
  EXPECT_TRUE(contradicts<AtRest>(lost));
}

/// A bag answers any of its elements, which the model is told.
struct Bag {
  std::vector<int> items;
  void put(int value) { items.push_back(value); }
  std::optional<int> take() { return std::nullopt; }
  bool take_of_model(std::optional<int> answer) {
    if (!answer) return items.empty();
    return std::erase(items, *answer) == 1;
  }
};
struct BagTable {
  using MapquakeModel = Bag;
  static constexpr Method<Bag, Bag> methods[] = {
      method_of<Bag, &Bag::put, Bag, &Bag::put>("put"),
      method_of<Bag, &Bag::take, Bag, &Bag::take_of_model>("take"),
  };
};
constexpr unsigned put = 0, take = 1;

TEST(ModelThatIsGivenTheAnswer, AdmitsEachOfThoseThatMayBe) {
  for (const std::int64_t taken : {11, 12}) {
    EXPECT_FALSE(contradicts<BagTable>({{A, 1, 2, put, 11}, {A, 3, 4, put, 12}, {A, 5, 6, take, 0, is(taken)}}));
  }
  EXPECT_TRUE(contradicts<BagTable>({{A, 1, 2, put, 11}, {A, 3, 4, put, 12}, {A, 5, 6, take, 0, is(13)}}));
  EXPECT_TRUE(contradicts<BagTable>({{A, 1, 2, put, 11}, {A, 3, 4, take, 0, none}}));
  EXPECT_TRUE(contradicts<BagTable>({{A, 1, 2, put, 11}, {A, 3, 6, take, 0, is(11)}, {B, 4, 5, take, 0, is(11)}}));
}

TEST(ModelThatIsGivenTheAnswer, SaysNothingWhereThereIsNone) {
  EXPECT_FALSE(contradicts<BagTable>({{A, 1, 2, put, 11}, {A, 3, 4, take, 0, threw}, {A, 5, 6, take, 0, is(13)}}));
}

TEST(ModelThatIsGivenTheAnswer, IsNotTakenForOneThatAnswers) {
  static_assert(BagTable::methods[take].answers && !BagTable::methods[take].takes_value);
  static_assert(BagTable::methods[put].takes_value);
}

TEST(CallText, IsCutWhereItBecomesTooLong) {
  CallText text;
  for (unsigned i = 0; i < 300; ++i) text.put("push(11), ");
  EXPECT_EQ(text.size + 1, sizeof text.text);
  EXPECT_EQ(text.text[text.size], '\0');
}

}  // namespace
}  // namespace mapquake::detail
