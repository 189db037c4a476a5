#include "reports/given.hpp"

#include "reports/event_words.hpp"
#include "tests/unit/reports/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TraceEvent fault_of(ThreadId thread, ChoiceKind kind, std::uint64_t answer) {
  TraceEvent event{};
  event.thread = thread;
  event.kind = EventKind::fault;
  event.address = answer;
  event.value = static_cast<std::uint64_t>(kind);
  return event;
}

TEST(Given, TellsTheFaultsOfTheMainThreadThatHasNoSteps) {
  testing::Story story = testing::lost_key_story();
  auto& events = story.execution.trace.events;
  events.insert(events.begin(), fault_of(main_thread, ChoiceKind::processors, 1));
  events.front().pc = 42;
  EXPECT_THAT(given_facts(story.execution, testing::Story::site),
              ElementsAre("hardware_concurrency() says 1, in the construction at my_map.hpp:42"));
  EXPECT_NE(story.text().find("\n     given   hardware_concurrency() says 1, in the construction at my_map.hpp:42\n"),
            std::string::npos);
}

TEST(Given, LeavesTheFaultsOfThreadsToTheirSteps) {
  testing::Story story = testing::lost_key_story();
  EXPECT_THAT(given_facts(story.execution, testing::Story::site), IsEmpty());
  story.execution.trace.events.push_back(fault_of(1, ChoiceKind::processors, 2));
  EXPECT_THAT(given_facts(story.execution, testing::Story::site), IsEmpty());
  EXPECT_EQ(fault_text(story.execution.trace, story.execution.trace.events.size() - 1),
            "hardware_concurrency() says 64");
}

}  // namespace
}  // namespace mapquake::reports
