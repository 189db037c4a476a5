#include "harness/runtime/thread_set.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace mapquake::runtime {
namespace {

RC_GTEST_PROP(ThreadSet, IsASetInAscendingOrder, ()) {
  const auto changes = *rc::gen::container<std::vector<std::pair<ThreadId, bool>>>(
      rc::gen::pair(rc::gen::inRange<ThreadId>(0, threads_max), rc::gen::arbitrary<bool>()));
  ThreadSet set;
  std::set<ThreadId> model;
  for (const auto& [thread, comes] : changes) {
    comes ? set.insert(thread) : set.erase(thread);
    comes ? void(model.insert(thread)) : void(model.erase(thread));
  }
  std::vector<ThreadId> threads;
  set.for_each([&](ThreadId thread) { threads.push_back(thread); });
  RC_ASSERT(threads == std::vector<ThreadId>(model.begin(), model.end()));
}

}  // namespace
}  // namespace mapquake::runtime
