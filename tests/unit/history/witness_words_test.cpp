#include "harness/history/witness_words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mapquake {
namespace {

TEST(WitnessWords, SayWhatAThreadWaitsFor) {
  Standing waiting{.role = Role::waiting, .awaited = Awaited::mutex};
  EXPECT_EQ(in_words(waiting, 1), "waits for the mutex");
  waiting.other = 2;
  EXPECT_EQ(in_words(waiting, 1), "waits for the mutex held by B");
  EXPECT_EQ(in_words(waiting, 2), "waits for the mutex that it holds itself");
  waiting.awaited = Awaited::shared_lock;
  waiting.is_behind = true;
  EXPECT_EQ(in_words(waiting, 1), "waits for shared ownership of the lock behind B, which waits for it, too");
  waiting.is_behind = false;
  EXPECT_EQ(in_words(waiting, 1), "waits for shared ownership of the lock held by B");
  EXPECT_EQ(in_words({.role = Role::waiting, .awaited = Awaited::threads, .other = 1}, 0),
            "waits for the threads to end (A)");
}

TEST(WitnessWords, SayWhatAPlaceHasToDoWithAFinding) {
  EXPECT_EQ(in_words({.role = Role::first_access, .access = AccessKind::atomic_read}, 1), "first: atomic read");
  EXPECT_EQ(in_words({.role = Role::second_access, .access = AccessKind::release, .bytes = 1}, 1),
            "then: free of 1 byte");
  EXPECT_EQ(in_words({.role = Role::allocated, .bytes = 48}, 1), "allocated the block of 48 bytes");
}

TEST(WitnessWords, EveryRoleAndEverythingAwaitedHasItsOwn) {
  std::set<std::string> roles, awaited;
  for (unsigned role = 0; role < role_count; ++role) roles.insert(in_words({.role = static_cast<Role>(role)}, 1));
  EXPECT_EQ(roles.size(), role_count);
  EXPECT_FALSE(roles.contains(""));
  for (unsigned what = 0; what < awaited_count; ++what) awaited.emplace(in_words(static_cast<Awaited>(what)));
  EXPECT_EQ(awaited.size(), awaited_count);
  EXPECT_FALSE(awaited.contains(""));
}

}  // namespace
}  // namespace mapquake
