// Rules that any file of the tree can break.
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace mapquake::quality {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t lines_max = 350;

std::vector<fs::path> sources_of(const fs::path& root) {
  std::vector<fs::path> files;
  for (const char* folder : {"adapters", "harness", "reports", "scenarios", "tests"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".hpp" || extension == ".cpp") files.push_back(fs::relative(entry.path(), root));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> files_too_long(const fs::path& root) {
  std::vector<std::string> found;
  for (const fs::path& file : sources_of(root)) {
    const std::size_t count = lines_of(root / file).size();
    if (count > lines_max) found.push_back(file.string() + ": " + std::to_string(count) + " lines");
  }
  return found;
}

/// A .cpp that includes its own header first proves that the header needs nothing before it.
std::vector<std::string> own_header_not_first(const fs::path& root) {
  std::vector<std::string> found;
  for (const fs::path& file : sources_of(root)) {
    fs::path header = file;
    header.replace_extension(".hpp");
    if (file.extension() != ".cpp" || !fs::exists(root / header)) continue;
    const std::vector<std::string> lines = lines_of(root / file);
    const auto first =
        std::find_if(lines.begin(), lines.end(), [](auto& line) { return line.starts_with("#include"); });
    if (first == lines.end() || *first != "#include \"" + header.string() + "\"") found.push_back(file.string());
  }
  return found;
}

std::vector<std::string> headers_without_guard(const fs::path& root) {
  std::vector<std::string> found;
  for (const fs::path& file : sources_of(root)) {
    if (file.extension() != ".hpp") continue;
    const std::vector<std::string> lines = lines_of(root / file);
    if (std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) found.push_back(file.string());
  }
  return found;
}

class Sources : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((planted_.path() / file).parent_path());
    std::ofstream(planted_.path() / file) << text;
  }
  const fs::path& planted() const { return planted_.path(); }

 private:
  testing_support::TemporaryDirectory planted_;
};

TEST_F(Sources, AreShort) {
  EXPECT_THAT(files_too_long(testing_support::source_directory()), IsEmpty());
}

TEST_F(Sources, OneLineTooManyIsSeen) {
  std::string text;
  for (std::size_t i = 0; i < lines_max; ++i) text += "\n";
  write("harness/case/fits.cpp", text);
  write("tests/unit/long.hpp", text + "// one more\n");
  EXPECT_THAT(files_too_long(planted()), ElementsAre("tests/unit/long.hpp: 351 lines"));
}

TEST_F(Sources, IncludeTheirOwnHeaderFirst) {
  const fs::path root = testing_support::source_directory();
  EXPECT_THAT(own_header_not_first(root), IsEmpty());
  EXPECT_GT(sources_of(root).size(), 200u);
}

TEST_F(Sources, AnotherHeaderBeforeTheirOwnIsSeen) {
  write("harness/case/a.hpp", "#pragma once\n");
  write("harness/case/a.cpp", "// about\n#include <string>\n\n#include \"harness/case/a.hpp\"\n");
  write("harness/case/b.hpp", "#pragma once\n");
  write("harness/case/b.cpp", "// about\n#include \"harness/case/b.hpp\"\n\n#include <string>\n");
  EXPECT_THAT(own_header_not_first(planted()), ElementsAre("harness/case/a.cpp"));
}

TEST_F(Sources, HeadersAreGuarded) {
  EXPECT_THAT(headers_without_guard(testing_support::source_directory()), IsEmpty());
}

TEST_F(Sources, AHeaderWithoutGuardIsSeen) {
  write("scenarios/a.hpp", "// about\n#pragma once\n");
  write("scenarios/b.hpp", "struct B {};\n");
  EXPECT_THAT(headers_without_guard(planted()), ElementsAre("scenarios/b.hpp"));
}

}  // namespace
}  // namespace mapquake::quality
