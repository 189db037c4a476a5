// An interposed function that is not in cmake/exported.list is hidden, and a plugin silently gets libc's: a real lock
// under fibers. So the list, the sources and the executable are held against one another.
#include "tests/support/places.hpp"
#include "tests/support/text_of.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

using mapquake::testing_support::source_directory;
using mapquake::testing_support::text_of;

std::set<std::string> interposed() {
  std::set<std::string> names;
  // The assembler's name goes before the one in C++.
  const std::regex labelled(R"re(MQ_INTERPOSED [^;{]*__asm__\("(\w+)"\))re");
  const std::regex plain(R"(MQ_INTERPOSED [^(;]*?(\w+)\([^;{]*\{)");
  for (const auto& file : std::filesystem::directory_iterator(source_directory() / "harness/runtime/shims")) {
    if (file.path().extension() != ".cpp") continue;
    const std::string text = text_of(file.path());
    for (const std::regex& pattern : {labelled, plain})
      for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
        names.insert((*match)[1]);
  }
  return names;
}

/// The names in the list that stand for themselves.
std::set<std::string> listed() {
  const std::string text =
      std::regex_replace(text_of(source_directory() / "cmake/exported.list"), std::regex(R"(/\*[^*]*\*/)"), "");
  std::set<std::string> names;
  const std::regex name(R"((\w+);)");
  for (std::sregex_iterator match(text.begin(), text.end(), name), end; match != end; ++match)
    names.insert((*match)[1]);
  return names;
}

TEST(ExportedSymbols, TheSourcesAreFound) {
  EXPECT_GT(interposed().size(), 100u);
  EXPECT_TRUE(interposed().contains("pthread_mutex_lock"));
  EXPECT_TRUE(interposed().contains("pthread_yield"));
}

TEST(ExportedSymbols, EveryInterposedFunctionIsListed) {
  const std::set<std::string> list = listed();
  for (const std::string& name : interposed()) EXPECT_TRUE(list.contains(name)) << name;
}

TEST(ExportedSymbols, APluginFindsEachInTheExecutable) {
  Dl_info here{}, there{};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&source_directory), &here), 0);
  for (const std::string& name : interposed()) {
    void* const address = dlsym(RTLD_DEFAULT, name.c_str());
    ASSERT_NE(address, nullptr) << name;
    ASSERT_NE(dladdr(address, &there), 0) << name;
    EXPECT_EQ(there.dli_fbase, here.dli_fbase) << name;
  }
}

}  // namespace
