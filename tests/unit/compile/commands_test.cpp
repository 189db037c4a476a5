#include "harness/compile/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake::compile {
namespace {

using testing::Contains;
using testing::Not;

const Compiler gnu{{"g++"}, Family::gnu};
const Compiler clang{{"ccache", "clang++"}, Family::clang};

TEST(CompileCommands, WhatOnlyOneCompilerKnowsIsForThatOne) {
  const Words of_gnu = compile_command(gnu, Language::cpp, "/inc", "a.cpp", "a.o", {});
  EXPECT_THAT(of_gnu, testing::IsSupersetOf({"-fsanitize=thread", "-fno-gnu-unique", "-fno-builtin-memcpy", "-Wno-tsan",
                                             "-std=gnu++20", "-I/inc", "-fPIC", "-fvisibility=hidden"}));
  const Words of_clang = compile_command(clang, Language::cpp, "/inc", "a.cpp", "a.o", {});
  EXPECT_EQ(of_clang[0] + of_clang[1], "ccacheclang++");
  EXPECT_THAT(of_clang, Contains("-fsanitize=thread"));
  EXPECT_THAT(of_clang, Not(Contains("-fno-gnu-unique")));
  EXPECT_THAT(of_clang, Not(Contains("-Wno-tsan")));
  const Words of_c = compile_command(gnu, Language::c, "/inc", "a.c", "a.o", {});
  EXPECT_THAT(of_c, Contains("-fno-builtin-memcpy"));
  EXPECT_THAT(of_c, Not(Contains("-fno-gnu-unique")));
  EXPECT_THAT(of_c, Not(Contains("-std=gnu++20")));
}

TEST(CompileCommands, TheUsersWordsComeLastAndThoseForTheLinkerGoThere) {
  const Words user{"-I", "include", "-O2", "-lm", "-Llib", "-Wl,-rpath,x", "lib/x.a", "-pthread"};
  const Words compiled = compile_command(gnu, Language::cpp, "/inc", "a.cpp", "a.o", user);
  const Words end(compiled.end() - 8, compiled.end());
  EXPECT_EQ(end, (Words{"-I", "include", "-O2", "-pthread", "-c", "a.cpp", "-o", "a.o"}));
  const std::vector<std::filesystem::path> objects{"a.o", "b.o"};
  const Words linked = link_command(gnu, objects, "a.so", user);
  EXPECT_THAT(linked, testing::IsSupersetOf(
                          {"-shared", "-Wl,-Bsymbolic", "-Wl,--wrap=memcpy", "a.o", "b.o", "-lm", "lib/x.a"}));
  EXPECT_THAT(linked, Not(Contains("-fsanitize=thread")));
}

TEST(CompileCommands, AShellReadsBackTheWords) {
  EXPECT_EQ(shell_text(Words{"g++", "-DX=\"a b\"", "it's", ""}), "g++ '-DX=\"a b\"' 'it'\\''s' ''");
}

TEST(CompileCommands, LanguagesByExtension) {
  EXPECT_EQ(language_of("a.c"), Language::c);
  EXPECT_EQ(language_of("a.C"), Language::cpp);
  EXPECT_TRUE(is_source("x/a.cxx"));
  EXPECT_FALSE(is_source("a.hpp"));
  EXPECT_FALSE(is_source("a.so"));
}

}  // namespace
}  // namespace mapquake::compile
