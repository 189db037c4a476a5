#include "harness/parent/code_places.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

namespace mapquake {
namespace {

/// Its code lies in this very file.
[[gnu::noinline]] int tripled(int number) {
  asm volatile("" : "+r"(number));
  return number * 3;
}
constexpr unsigned line_of_tripled = __LINE__ - 4;

[[gnu::always_inline]] inline int doubled(int number) {
  asm volatile("" : "+r"(number));
  return number * 2;
}
[[gnu::noinline]] int quadrupled(int number) {
  return doubled(doubled(number));
}
constexpr unsigned line_of_calls = __LINE__ - 2;

std::uintptr_t offset_of_tripled() {
  Dl_info info;
  link_map* loaded = nullptr;
  const auto code = reinterpret_cast<void*>(&tripled);
  if (::dladdr1(code, &info, reinterpret_cast<void**>(&loaded), RTLD_DL_LINKMAP) == 0) return 0;
  return reinterpret_cast<std::uintptr_t>(code) - loaded->l_addr;
}

TEST(CodePlaces, TheCodeOfALineIsWhereItsFunctionBegins) {
  ASSERT_EQ(tripled(2), 6);
  const auto ranges = code_of_lines("/proc/self/exe", {{"code_places_test.cpp", line_of_tripled}});
  const std::uintptr_t begin = offset_of_tripled();
  EXPECT_TRUE(std::ranges::any_of(ranges, [&](const CodeRange& r) { return r.begin <= begin && begin < r.end; }));
}

TEST(CodePlaces, WhatWasInlinedIntoALineIsCodeOfIt) {
  ASSERT_EQ(quadrupled(2), 8);
  EXPECT_FALSE(code_of_lines("/proc/self/exe", {{"code_places_test.cpp", line_of_calls}}).empty());
}

TEST(CodePlaces, RangesAreSortedAndApart) {
  std::set<SourceLine> lines;
  for (unsigned line = 1; line < 40; ++line) lines.insert({"code_places_test.cpp", line});
  const auto ranges = code_of_lines("/proc/self/exe", lines);
  ASSERT_GT(ranges.size(), 1U);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_LT(ranges[i].begin, ranges[i].end);
    if (i > 0) {
      EXPECT_LT(ranges[i - 1].end, ranges[i].begin);
    }
  }
}

TEST(CodePlaces, LinesWithoutCodeFilesWithoutLinesAndNoFileHaveNone) {
  EXPECT_TRUE(code_of_lines("/proc/self/exe", {{"code_places_test.cpp", 1}}).empty());
  EXPECT_TRUE(code_of_lines("/proc/self/exe", {{"no_such_file.cpp", 10}}).empty());
  EXPECT_TRUE(code_of_lines("/no/such/library.so", {{"code_places_test.cpp", line_of_tripled}}).empty());
  EXPECT_TRUE(code_of_lines("/proc/self/exe", {}).empty());
}

}  // namespace
}  // namespace mapquake
