// docs/maps/third-party.md says which operations the adapters of other libraries' maps declare: as it is in this build.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/text_of.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace mapquake {
namespace {

using Names = std::set<std::string>;

Names quoted_in(const std::string& text) {
  static const std::regex quoted("`([^`]+)`");
  Names found;
  for (std::sregex_iterator at(text.begin(), text.end(), quoted), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

struct Section {
  Names registered;
  Names used;  ///< what stands between backquotes in the second column of the rows that are not left out
};

Section read_section(const std::string& text) {
  Section section;
  const std::size_t at = text.find("\nRegistered");
  section.registered = quoted_in(text.substr(at, text.find("\n\n", at) - at));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t second = line.starts_with("| ") ? line.find(" | ") : line.npos;
    if (second == line.npos || line.find("left out", second) != line.npos) continue;
    section.used.merge(quoted_in(line.substr(second)));
  }
  for (const std::string& name : section.registered) section.used.erase(name);
  // Hooks, which are no operations.
  section.used.erase("thread_started");
  section.used.erase("thread_ending");
  return section;
}

TEST(ThirdPartyDocument, NamesTheOperationsThatTheAdaptersOfEachSectionDeclare) {
  const std::string text = testing_support::text_of(testing_support::source_directory() / "docs/maps/third-party.md");
  std::map<std::string, Names> operations_of;
  const auto listed = testing_support::run_mapquake({"list", "--json"});
  const auto catalogue = nlohmann::json::parse(listed.out);
  for (const auto& map : catalogue.at("maps")) {
    operations_of[map.at("name")] = map.at("operations").get<Names>();
  }
  unsigned sections = 0;
  for (std::size_t at = text.find("\n## "); at != text.npos; at = text.find("\n## ", at + 1)) {
    const std::string part = text.substr(at, text.find("\n## ", at + 1) - at);
    const std::string title = part.substr(4, part.find('\n', 1) - 4);
    const Section section = read_section(part);
    Names declared;
    for (const std::string& name : section.registered) {
      const auto found = operations_of.find(name);
      if (found != operations_of.end()) declared.insert(found->second.begin(), found->second.end());
    }
    if (declared.empty()) continue;  // its package is not installed
    declared.erase("run");           // objects: their calls are no operations of maps
    EXPECT_EQ(section.used, declared) << title;
    ++sections;
  }
  EXPECT_GE(sections, 12u);
}

}  // namespace
}  // namespace mapquake
