#include "harness/history/reason_words.hpp"

#include "harness/history/phrases.hpp"
#include "tests/unit/history/drawn_reasons.hpp"
#include "tests/unit/oracle/history_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mapquake {
namespace {

using namespace histories;
using testing::HasSubstr;

/// Calls of every kind: of threads and of main, before, between and after.
History some_of_all() {
  HistoryBuilder h;
  h.prefill(1, 10);
  h.call(A, insert(5, 50), yes()).call(B, find(5), absent()).call(A, iterate(), visits({{1, 10}, {5, 50}}));
  h.call(B, lower_bound(2), visits({{5, 50}})).call(A, lower_bound(9), visits({})).call(B, size(), count(3));
  h.begin(A, erase(5));
  h.quiesce().call(M, find(5), value(50));
  return h.history();
}

std::string words(const Reason& reason, const History& history = some_of_all()) {
  return in_words(std::vector<Reason>{reason}, history);
}

TEST(ReasonWords, EveryKindHasSome) {
  const History history = some_of_all();
  Rng rng(18);
  for (int round = 0; round < 200; ++round) {
    const std::vector<Reason> all = reasons::one_of_each(rng, static_cast<std::uint32_t>(history.calls.size()));
    ASSERT_EQ(all.size(), std::variant_size_v<AnswerReason::variant> + std::variant_size_v<EndReason::variant>);
    for (std::size_t kind = 0; kind < all.size(); ++kind) {
      const std::string text = words(all[kind], history);
      // A signal's name, and what a check says, is all there is to say: here it may be nothing.
      const bool is_users = std::holds_alternative<EndReason>(all[kind]) &&
                            (std::holds_alternative<reason::Signal>(std::get<EndReason>(all[kind])) ||
                             std::holds_alternative<reason::OwnCheck>(std::get<EndReason>(all[kind])));
      EXPECT_TRUE(is_users || !text.empty()) << "kind " << kind;
      EXPECT_LE(text.size(), sentences_bytes_max) << "kind " << kind;
    }
  }
}

TEST(ReasonWords, OneBehindTheOther) {
  const History history = some_of_all();
  const Doer insert{.thread = 1, .call = CallRef{1}};
  const reason::RaceBefore race{{AccessKind::write, insert, AccessKind::atomic_read, {.thread = 3}}};
  const std::string told = "Before that, the write by A's insert(5, 50) and the atomic read by thread C race.";
  EXPECT_EQ(in_words(std::vector<Reason>{reason::AbortCalled{}, race}, history), "abort() was called\n" + told);
  EXPECT_EQ(in_words(std::vector<Reason>{reason::TornValue{CallRef{2}}, race}, history),
            "B's find(5) came back with a value that nobody ever wrote. " + told);
  EXPECT_EQ(in_words(std::vector<Reason>{reason::VisitedTwice{CallRef{3}, 1}, reason::ClaimInDoubt{}}, history),
            "A's iterate() visited the key 1 twice. One thread alone shows this, so the map, its adapter or a claim is "
            "wrong.");
  EXPECT_EQ(in_words(std::span<const Reason>(), history), "");
}

TEST(ReasonWords, CallsAsTheyStoodThen) {
  const std::vector<reason::CallSoFar> before{{CallRef{1}, true}, {CallRef{2}}};
  const std::span<const reason::CallSoFar> listed = before;
  EXPECT_EQ(
      words(reason::NoOrder{CallRef{8}, 5, listed, true}),
      "No order of the calls on key 5 explains their answers: … A's insert(5, 50) was still going on, B's find(5) "
      "says absent, and then the final find(5) says 50.");
}

TEST(ReasonWords, WhereAnAccessLiesFromABlock) {
  const auto place = [](std::int64_t offset) {
    reason::OutsideAccess access{{.thread = 0}, true, 8};
    access.block = reason::BesideBlock{offset, 24, {.thread = 2}};
    return words(access);
  };
  EXPECT_EQ(place(24),
            "the main thread writes 8 bytes directly behind the end of a block of 24 bytes that thread B has "
            "allocated.");
  EXPECT_THAT(place(25), HasSubstr(" 1 byte behind the end of"));
  EXPECT_THAT(place(-4), HasSubstr(" 4 bytes in front of"));
  EXPECT_THAT(place(INT64_MIN), HasSubstr(" 9,223,372,036,854,775,808 bytes in front of"));
  EXPECT_THAT(place(20), HasSubstr(" across the end of"));
}

TEST(ReasonWords, OfSignals) {
  const auto at = [](std::uint64_t address) { return words(reason::Signal{std::string_view("SIGSEGV"), address}); };
  EXPECT_EQ(at(0), "SIGSEGV at address 0 (a null pointer)");
  EXPECT_EQ(at(0x10), "SIGSEGV at address 0x10 (a null pointer)");
  EXPECT_EQ(at(0x1000), "SIGSEGV at address 0x1000");
  EXPECT_EQ(words(reason::Signal{std::string_view("SIGFPE")}), "SIGFPE");
}

TEST(ReasonWords, OfLocks) {
  const Doer b{.thread = 2, .call = CallRef{2}};
  reason::LockMisused misuse{b, LockMisuse::unlocks_of_other, LockKind::mutex, Doer{.thread = 1, .call = CallRef{1}}};
  EXPECT_EQ(words(misuse), "B's find(5) unlocks what another thread holds: a mutex (A's insert(5, 50) holds it).");
  misuse.how = LockMisuse::destroys_waited;
  misuse.holder = b;
  EXPECT_EQ(words(misuse), "B's find(5) destroys what is waited for: a mutex (the same thread waits for it).");
  const std::vector<reason::Waiting> waiting{{1, Awaited::mutex, false, 2}, {2, Awaited::barrier}};
  EXPECT_EQ(words(reason::AllWait{std::span<const reason::Waiting>(waiting)}),
            "A waits for the mutex held by B; B waits for the barrier. Nothing else can run.");
}

TEST(ReasonWords, WhatUsersSayIsCut) {
  const std::string_view long_text = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
  std::string text;
  while (text.size() < 4'000) text += long_text;
  EXPECT_EQ(words(reason::OwnCheck{.text = reason::Text::cut(text), .by_validate = true}), text.substr(0, 1'023));
  EXPECT_EQ(words(reason::OwnCheck{.text = std::string_view("3 left"), .by_validate = true}),
            "3 left\nSo says validate(), once all threads have ended.");
  using reason::Part;
  EXPECT_EQ(words(reason::Terminated{Part::cut("E"), Part::cut(text)}).size(), 511U);
  EXPECT_EQ(words(reason::AssertionFailed{Part::cut("a.cpp"), 7, {}, Part::cut("x > 0")}),
            "a.cpp:7: ?: assertion `x > 0' failed");
}

TEST(Doers, AreFoundByThreadAndOperation) {
  const History history = some_of_all();
  const auto name = [&](ThreadId thread, OpIndex op) { return name_of(history, doer_of(history, thread, op)); };
  EXPECT_EQ(name(0, 0), "the construction");
  EXPECT_EQ(name(1, 0), "A's insert(5, 50)");
  EXPECT_EQ(name(3, 0), "thread C");
  EXPECT_EQ(name(0, 99), "the destruction");
  EXPECT_EQ(name_of_call(history, 3, 0), "") << "no call";
}

}  // namespace
}  // namespace mapquake
