#include "reports/callbacks.hpp"

#include <mapquake/abi.hpp>

#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

constexpr std::uint64_t visitor_pc = 1, map_pc = 2, glue_pc = 3;

const SiteFunction places = [](std::uint64_t pc) -> const Site& {
  static const Site visitor{"Visitor::operator()", "callbacks.hpp", "/callbacks.hpp", 119, Origin::glue};
  static const Site map{"Map::for_each", "map.hpp", "/map.hpp", 52, Origin::own};
  return pc == map_pc ? map : visitor;
};

TraceEvent calls_back(abi::UserCode what) {
  return {.thread = 1,
          .kind = EventKind::user_code,
          .pc = glue_pc,
          .value = static_cast<std::uint64_t>(what),
          .callers = {map_pc}};
}
const TraceEvent reads{.thread = 1, .kind = EventKind::read, .pc = visitor_pc};

TEST(Callbacks, AnAccessOfAVisitorIsWhereTheMapCalledIt) {
  const Trace trace{.events = {calls_back(abi::UserCode::visitor), {.thread = 2, .kind = EventKind::read}, reads}};
  EXPECT_EQ(callback_round(trace, trace.events[2], places), &trace.events[0]);
}

TEST(Callbacks, TheMapsOwnAccessHasALineOfItsOwn) {
  Trace trace{.events = {calls_back(abi::UserCode::visitor), reads}};
  trace.events[1].pc = map_pc;
  EXPECT_EQ(callback_round(trace, trace.events[1], places), nullptr);
}

TEST(Callbacks, AHashIsNoneAndNeitherIsWhatComesBehindTheCall) {
  const Trace hashed{.events = {calls_back(abi::UserCode::visitor), calls_back(abi::UserCode::key_hash), reads}};
  EXPECT_EQ(callback_round(hashed, hashed.events[2], places), nullptr);
  Trace later{.events = {calls_back(abi::UserCode::visitor), reads}};
  later.events[1].op = 1;
  EXPECT_EQ(callback_round(later, later.events[1], places), nullptr);
}

}  // namespace
}  // namespace mapquake::reports
