#include "harness/store/replay_text.hpp"

#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

TEST(ReplayText, EveryThreadNameReadsBack) {
  for (std::size_t threads : {0u, 1u, 2u, 26u, 27u, 100u}) {
    for (ThreadId thread = 0; thread <= replay_thread_max; ++thread) {
      EXPECT_EQ(thread_from_stored(stored_thread(thread, threads), threads), thread);
    }
  }
  for (const char* name : {"", "a", "AA", "T", "T0", "T1", "T03", "T129", "T65537", "C", "main ", "T3 "}) {
    EXPECT_FALSE(thread_from_stored(name, 2)) << name;
  }
  EXPECT_EQ(threads_of_program(1), "1 thread (A)");
  EXPECT_EQ(threads_of_program(40), "40 threads (A to T40)");
}

TEST(ReplayText, EveryKindReadsBack) {
  for (unsigned i = 0; i < choice_kind_count; ++i) {
    const auto kind = static_cast<ChoiceKind>(i);
    EXPECT_EQ(kind_from_stored(stored_kind(kind)), kind);
  }
  EXPECT_EQ(stored_kind(ChoiceKind::schedule), "preempt");
  EXPECT_EQ(stored_kind(ChoiceKind::stale_read), "stale_read");
  EXPECT_EQ(kind_from_stored("schedule"), ChoiceKind::schedule);
  EXPECT_FALSE(kind_from_stored("Preempt"));
}

TEST(ReplayText, EveryOperationReadsBack) {
  EXPECT_TRUE(rc::check([] {
    const Operation operation = samples::any_operation();
    const auto read = operation_from_stored(stored_operation(operation));
    RC_ASSERT(static_cast<bool>(read));
    RC_ASSERT(*read == operation);
  }));
  for (const char* text :
       {"", " ", "size ", " size", "insert  4 40", "insert 4 40 ", "insert 4 40 1", "insert +4 40", "find x",
        "find 0x10", "find 1e3", "Insert 4 40", "insert\t4\t40", "find 9223372036854775808"}) {
    EXPECT_FALSE(operation_from_stored(text)) << text;
  }
}

TEST(ReplayText, AddressesKeepSpacesInPlaces) {
  const StoredChoice choice{.thread = 2, .op = 11, .event = "cond wait", .place = "a b #7 c.hpp:1", .nth = 9};
  const std::string text = stored_address(choice, 2);
  EXPECT_EQ(text, "B.12 cond_wait a b #7 c.hpp:1 #9");
  const auto address = address_from_stored(text);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->thread, "B");
  EXPECT_EQ(address->op, 12u);
  EXPECT_EQ(address->event, "cond_wait");
  EXPECT_EQ(address->place, "a b #7 c.hpp:1");
  EXPECT_EQ(address->nth, 9u);
  for (const char* bad :
       {"", "A", "A.1", "A.1 ", "A.1 load", "A.1 load ", "A. load x", ".1 load x", "A.268435457 load x", "A.-1 load x",
        "A.1 load x #", "A.1 load x #-1", "A.1 load x #4294967296", "A.1 load  #1"}) {
    EXPECT_FALSE(address_from_stored(bad)) << bad;
  }
}

}  // namespace
}  // namespace mapquake
