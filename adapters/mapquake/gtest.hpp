// Bodies of code with threads inside a GoogleTest, explored over their schedules:
//
//   TEST(Counter, CountsBothThreads) {
//     mapquake::check([] {
//       Counter counter;
//       std::thread other([&] { counter.add(); });
//       counter.add();
//       other.join();
//       EXPECT_EQ(counter.value(), 2);
//     });
//   }
//
// The test fails with mapquake's report where any schedule fails: a GoogleTest assertion within the body,
// MAPQUAKE_CHECK, assert(), a deadlock, a crash, …. Build it with mapquake_add_gtest(NAME SOURCES …). See explore.hpp
// for what a body must be, and docs/programs.md.
#pragma once

#include <mapquake/explore.hpp>

#include <gtest/gtest.h>

namespace mapquake {

namespace detail {

#ifdef MAPQUAKE_BODIES

/// In the plugin: the first assertion that fails ends the execution, with the schedule that led to it.
class AssertionListener final : public testing::EmptyTestEventListener {
 private:
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (!part.failed()) return;
    const char* const path = part.file_name() != nullptr ? part.file_name() : "?";
    const char* const slash = std::strrchr(path, '/');
    // On one line: it becomes the failure's label.
    std::string text;
    for (const char* at = part.message(); *at != '\0'; ++at) {
      const bool blank = *at == '\n' || *at == ' ';
      if (!blank || (!text.empty() && text.back() != ' ')) text += blank ? ' ' : *at;
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    fail(
        (text + " (" + (slash != nullptr ? slash + 1 : path) + ':' + std::to_string(part.line_number()) + ')').c_str());
  }
};

inline bool listen_to_assertions() {
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new AssertionListener);
  return true;
}
MAPQUAKE_HIDDEN inline const bool listening = listen_to_assertions();

#endif

}  // namespace detail

/// explore(), and a fatal or nonfatal failure of the test as EXPECT_ has it where the answer is not clean. `file` and
/// `line` are the caller's (clang 14 has no std::source_location).
template <class Body>
void check(Body body, const CheckOptions& options = {}, const char* file = __builtin_FILE(),
           int line = __builtin_LINE()) {
  const CheckResult result = explore(body, options);
  if (result.clean()) return;
  ADD_FAILURE_AT(file, line) << result.text;
}

}  // namespace mapquake
