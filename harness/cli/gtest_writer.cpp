#include "harness/cli/gtest_writer.hpp"

#include "harness/base/fill.hpp"
#include "harness/cli/cpp_literal.hpp"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <string_view>

namespace mapquake::cli {
namespace {

std::string camel_case(const std::string& text) {
  std::string name;
  bool upper = true;
  for (const char c : text) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) name += static_cast<char>(upper ? std::toupper(letter) : c);
    upper = std::isalnum(letter) == 0;
  }
  return name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0 ? "Map" + name : name;
}

// A raw string literal holds at most 65,536 bytes portably, and its delimiter must not occur in the text.
std::string raw_literals(const std::string& text) {
  constexpr std::size_t chunk_bytes = 16'000;
  std::string delimiter = "toml";
  while (text.find(")" + delimiter + "\"") != std::string::npos) delimiter += "_";
  std::string literals;
  for (std::size_t at = 0; at < text.size(); at += chunk_bytes) {
    literals += fmt::format("R\"{0}({1}){0}\"\n", delimiter, text.substr(at, chunk_bytes));
  }
  return literals;
}

constexpr std::string_view source_template =
    R"source(// Written by `mapquake replay --emit-gtest`. Passes once this failure no longer happens:
// @HEADLINE@
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

const char replay_file[] =
@LITERALS@;

std::string quoted(const std::string& text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + "'";
}

TEST(@SUITE@, @TEST@) {
  const char* other = std::getenv("MAPQUAKE");
  const char* plugin = std::getenv("MAPQUAKE_PLUGIN");
  const std::string mapquake = other != nullptr ? other : @EXECUTABLE@;
  const std::string path = testing::TempDir() + "mapquake-@SIGNATURE@-" + std::to_string(getpid()) + ".toml";
  ASSERT_TRUE(std::ofstream(path) << replay_file) << "cannot write " << path;
  std::string command = quoted(mapquake) + " replay --nearest " + quoted(path);
  if (plugin != nullptr) command += " --plugin " + quoted(plugin);
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  const int status = pclose(pipe);
  ASSERT_TRUE(WIFEXITED(status)) << output;
  EXPECT_EQ(WEXITSTATUS(status), 0) << output << "\nThe replay file is kept: " << path;
  if (!HasFailure()) std::remove(path.c_str());
}

}  // namespace
)source";

}  // namespace

std::string gtest_source(const ReplayFile& file, const std::filesystem::path& executable) {
  const std::string outcome(name_of(file.outcome));
  return filled(source_template, {{"HEADLINE", fmt::format("{} × {}: {}", file.map, file.scenario, outcome)},
                                  {"LITERALS", raw_literals(to_toml(file))},
                                  {"SUITE", camel_case(file.map)},
                                  {"TEST", camel_case(file.label.empty() ? outcome : file.label)},
                                  {"EXECUTABLE", cpp_literal(executable.string())},
                                  {"SIGNATURE", file.signature}});
}

}  // namespace mapquake::cli
