// A mistake in an adapter is explained by the compiler, in words of ours.
#include "tests/support/places.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

struct Mistake {
  const char* name;
  const char* adapter;
  const char* message;  // empty: it compiles
};

// The preprocessor would take the commas of an adapter apart, were these not raw strings.
constexpr Mistake mistakes[] = {
    {"None", "static constexpr mapquake::Claims claims{}; bool insert(mapquake::Key, mapquake::Value);", ""},
    {"NoClaims", "bool insert(mapquake::Key, mapquake::Value);",
     "the adapter needs `static constexpr mapquake::Claims"},
    {"InsertAnswersNothing", "static constexpr mapquake::Claims claims{}; void insert(mapquake::Key, mapquake::Value);",
     ""},
    {"FindAnswersAPointer",
     "static constexpr mapquake::Claims claims{}; bool insert(mapquake::Key, mapquake::Value);"
     "const mapquake::Value* find(mapquake::Key);",
     "find must be callable as find(key) -> std::optional<value>"},
    {"NoTypes", "static constexpr mapquake::Claims claims{}; template <class K, class V> bool insert(K, V);",
     "no key and value type"},
    {"UnknownType", "struct T {}; static constexpr mapquake::Claims claims{}; bool insert(T, mapquake::Value);",
     "specialise mapquake::Convert for the key type"},
    {"NothingGoesIn",
     "using key_type = int; using mapped_type = int; static constexpr mapquake::Claims claims{}; bool erase(int);",
     "the adapter needs insert, assign or get_or_create"},
};

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  std::array<char, 4096> block;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe)) output.append(block.data(), count);
  const int status = pclose(pipe);
  return status == 0 ? "" : output + "\n(failed)";
}

void expect_words_about(const Mistake& mistake, const std::string& code) {
  namespace fs = std::filesystem;
  const fs::path root = mapquake::testing_support::source_directory();
  const fs::path source = fs::temp_directory_path() / ("mapquake_" + std::string(mistake.name) + ".cpp");
  std::ofstream(source) << code;
  const std::string output =
      output_of("c++ -std=c++20 -fsyntax-only -I'" + (root / "adapters").string() + "' '" + source.string() + "' 2>&1");
  fs::remove(source);
  if (std::string(mistake.message).empty()) {
    EXPECT_EQ(output, "");
  } else {
    EXPECT_NE(output.find("mapquake: "), std::string::npos) << output;
    EXPECT_NE(output.find(mistake.message), std::string::npos) << output;
  }
}

class AdapterCompileErrors : public testing::TestWithParam<Mistake> {};

TEST_P(AdapterCompileErrors, SayWhatIsWrong) {
  expect_words_about(GetParam(), "#include <mapquake/adapter.hpp>\nstruct A { " + std::string(GetParam().adapter) +
                                     " };\nMAPQUAKE_MAP(\"a\", A);\n");
}

INSTANTIATE_TEST_SUITE_P(All, AdapterCompileErrors, testing::ValuesIn(mistakes),
                         [](const auto& info) { return std::string(info.param.name); });

/// What the model of an object has beside its operation, in place of an adapter.
constexpr Mistake mistakes_in_models[] = {
    {"NoInstants", "", ""},
    {"SettledChangesTheModel", "bool settled() { return true; }",
     "a model says by `bool settled() const` whether an instant may end"},
    {"SettledIsNoBool", "int settled() const { return 1; }",
     "a model says by `bool settled() const` whether an instant may end"},
    {"SettledIsThere", "bool settled() const { return true; }", ""},
    {"SettledIsAnOperation", "bool settled() const { return true; }",
     "settled() of a model says whether an instant may end, and is no operation"},
};

class ModelCompileErrors : public testing::TestWithParam<Mistake> {};

TEST_P(ModelCompileErrors, SayWhatIsWrong) {
  const bool is_operation = std::string(GetParam().name) == "SettledIsAnOperation";
  expect_words_about(
      GetParam(),
      "#include <mapquake/object.hpp>\nstruct O { void add() {} bool settled() const { return true; } };\n"
      "struct M { void add() {} " +
          std::string(GetParam().adapter) + " };\nMAPQUAKE_OBJECT(\"o\", O, M, add" +
          (is_operation ? ", settled" : "") + ");\n");
}

INSTANTIATE_TEST_SUITE_P(All, ModelCompileErrors, testing::ValuesIn(mistakes_in_models),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
