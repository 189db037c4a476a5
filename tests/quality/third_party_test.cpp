// docs/maps/third-party.md has a section for each map of another library, and for no other.
#include "tests/quality/documents.hpp"

#include "tests/support/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

namespace mapquake::quality {
namespace {

using Names = std::set<std::string>;

Names first_groups(const std::string& text, const std::string& pattern) {
  const std::regex wanted(pattern);
  Names found;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

/// The names between backquotes of every paragraph that begins with "Registered".
Names documented(const std::string& markdown) {
  Names all;
  for (std::size_t at = markdown.find("\nRegistered"); at != markdown.npos;
       at = markdown.find("\nRegistered", at + 1)) {
    for (const std::string& name : first_groups(markdown.substr(at, markdown.find("\n\n", at) - at), "`([^`]+)`")) {
      EXPECT_TRUE(all.insert(name).second) << name << " is registered in two sections";
    }
  }
  return all;
}

TEST(ThirdPartyDocument, HasASectionForEachMapThatIsRegisteredAndForNoOther) {
  const std::filesystem::path root = testing_support::source_directory();
  Names registered;
  for (const auto& file : std::filesystem::directory_iterator(root / "adapters" / "third_party")) {
    if (file.path().extension() != ".cpp") continue;
    registered.merge(first_groups(text_of(file.path()), "\nMAPQUAKE_(?:MAP|OBJECT)\\(\"([a-z0-9_]+)\""));
  }
  EXPECT_GT(registered.size(), 50u);
  EXPECT_EQ(documented(text_of(root / "docs" / "maps" / "third-party.md")), registered);
}

TEST(ThirdPartyDocument, IsTakenApartByItsParagraphs) {
  EXPECT_THAT(documented("# `a`\n\nRegistered: `b`,\n`c`.\n\n`d`\n\nRegistered, as objects: `e`."),
              testing::ElementsAre("b", "c", "e"));
}

}  // namespace
}  // namespace mapquake::quality
