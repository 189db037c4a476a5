#include "harness/history/budget.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mapquake {
namespace {

TEST(BudgetText, EveryPartComesBack) {
  for (unsigned figure = 0; figure < figure_count; ++figure) {
    const bool of_map = static_cast<Figure>(figure) == Figure::live_bytes;
    for (unsigned statistic = 0; statistic < (of_map ? 1 : statistic_count); ++statistic) {
      for (unsigned operation = 0; operation <= (of_map ? 0 : op_kind_count); ++operation) {
        Budget budget{
            .statistic = static_cast<Statistic>(statistic), .figure = static_cast<Figure>(figure), .limit = 7};
        if (operation > 0) budget.operation = static_cast<OpKind>(operation - 1);
        const auto read = parse_budget(to_string(budget));
        ASSERT_TRUE(read) << read.error().what;
        EXPECT_EQ(*read, budget) << to_string(budget);
      }
    }
  }
}

TEST(BudgetText, IsReadAsPeopleWriteIt) {
  const Budget p99{.operation = OpKind::find, .statistic = Statistic::p99, .figure = Figure::steps, .limit = 200};
  EXPECT_EQ(*parse_budget("find.p99_steps=200"), p99);
  EXPECT_EQ(*parse_budget(" find.p99_steps = 200 "), p99);
  EXPECT_EQ(*parse_budget("waits=0"), (Budget{.figure = Figure::waits}));
  EXPECT_EQ(to_string(*parse_budget("waits=0")), "max_waits=0");
  EXPECT_EQ(to_string(*parse_budget("live_bytes=18446744073709551615")), "live_bytes=18446744073709551615");
  EXPECT_EQ(to_string(*parse_budget("get_or_create.total_allocated_bytes=1")), "get_or_create.total_allocated_bytes=1");
}

TEST(BudgetText, OneReasonForEachMistake) {
  const auto reason = [](std::string_view text) {
    const auto budget = parse_budget(text);
    return budget ? std::string("accepted") : budget.error().what;
  };
  EXPECT_EQ(reason("p99_steps"), "\"p99_steps\" is no budget: there is no \"=\"");
  EXPECT_EQ(reason("p99_steps=many"), "\"p99_steps=many\" is no budget: \"many\" is no number");
  EXPECT_EQ(reason("steps=-1"), "\"steps=-1\" is no budget: \"-1\" is no number");
  EXPECT_EQ(reason("steps="), "\"steps=\" is no budget: \"\" is no number");
  EXPECT_EQ(reason("steps=18446744073709551616"),
            "\"steps=18446744073709551616\" is no budget: \"18446744073709551616\" is no number");
  EXPECT_EQ(reason("fnd.p99_steps=1"), "\"fnd.p99_steps=1\" is no budget: \"fnd\" is no operation");
  EXPECT_EQ(reason("find.p98_steps=1"), "\"find.p98_steps=1\" is no budget: \"p98_steps\" is no figure");
  EXPECT_EQ(reason("find.=1"), "\"find.=1\" is no budget: \"\" is no figure");
  EXPECT_EQ(reason("max_live_bytes=1"), "\"max_live_bytes=1\" is no budget: live_bytes is of the map and stands alone");
  EXPECT_EQ(reason("find.live_bytes=1"),
            "\"find.live_bytes=1\" is no budget: live_bytes is of the map and stands alone");
}

TEST(BudgetText, SeveralInOneText) {
  EXPECT_TRUE(parse_budgets("")->empty());
  const auto two = parse_budgets("find.waits=0, insert.allocations=1");
  ASSERT_TRUE(two) << two.error().what;
  ASSERT_EQ(two->size(), 2u);
  EXPECT_EQ(to_string((*two)[1]), "insert.max_allocations=1");
  EXPECT_FALSE(parse_budgets("find.waits=0 nonsense"));
  std::string many;
  for (std::size_t i = 0; i <= budgets_max; ++i) many += "steps=1 ";
  EXPECT_FALSE(parse_budgets(many));
}

TEST(BudgetText, AddingLeavesOutWhatIsThereAndWhatIsTooMuch) {
  std::vector<Budget> budgets{{.limit = 1}};
  add_budgets(budgets, {{.limit = 1}, {.limit = 2}});
  EXPECT_EQ(budgets.size(), 2u);
  std::vector<Budget> many;
  for (std::uint64_t i = 0; i < 2 * budgets_max; ++i) many.push_back({.limit = i});
  add_budgets(budgets, many);
  EXPECT_EQ(budgets.size(), budgets_max);
}

TEST(FigureNames, AreDistinctAndExplained) {
  std::set<std::string_view> names;
  for (unsigned i = 0; i < figure_count; ++i) {
    const auto figure = static_cast<Figure>(i);
    EXPECT_TRUE(names.insert(name_of(figure)).second);
    EXPECT_EQ(figure_from_name(name_of(figure)), figure);
    EXPECT_TRUE(sentence_for(figure).ends_with('.'));
  }
  EXPECT_EQ(figure_from_name(""), std::nullopt);
}

}  // namespace
}  // namespace mapquake
