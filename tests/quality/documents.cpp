#include "tests/quality/documents.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace mapquake::quality {

namespace fs = std::filesystem;

std::vector<fs::path> documents_of(const fs::path& root) {
  std::vector<fs::path> documents;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  if (fs::exists(root / "docs")) {
    for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
      if (entry.path().extension() == ".md") documents.push_back(entry.path());
    }
  }
  std::sort(documents.begin(), documents.end());
  return documents;
}

std::vector<std::string> code_of(const std::string& markdown) {
  static const std::regex span("`([^`]+)`");
  std::vector<std::string> code;
  std::istringstream lines(markdown);
  bool fenced = false;
  bool continues = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      fenced = !fenced;
      continues = false;
    } else if (fenced) {
      const bool open = line.ends_with('\\');
      if (open) line.pop_back();
      if (continues) {
        code.back() += line;
      } else {
        code.push_back(line);
      }
      continues = open;
    } else {
      for (std::sregex_iterator match(line.begin(), line.end(), span), end; match != end; ++match) {
        code.push_back((*match)[1].str());
      }
    }
  }
  return code;
}

std::vector<std::string> links_of(const std::string& markdown) {
  static const std::regex pattern(R"(\]\(([^)#\s]+)(#[^)\s]*)?\))");
  std::vector<std::string> links;
  for (std::sregex_iterator match(markdown.begin(), markdown.end(), pattern), end; match != end; ++match) {
    if ((*match)[1].str().find("://") == std::string::npos) links.push_back((*match)[1].str());
  }
  return links;
}

std::vector<Quoted> commands_of(const std::string& markdown) {
  static const std::regex command(R"(^\s*(?:\$ )?(?:build/)?(mapquake|make)(?:\s+([^=\s].*))?$)");
  std::vector<Quoted> commands;
  for (const std::string& code : code_of(markdown)) {
    std::smatch match;
    if (!std::regex_match(code, match, command)) continue;
    Quoted quoted{match[1].str(), "", {}};
    std::istringstream words(match[2].str());
    for (std::string word; words >> word && word[0] != '#' && word != "|" && word != "&&" && word != "--";) {
      if (word.starts_with("--")) {
        quoted.options.push_back(word.substr(0, word.find('=')));
      } else if (quoted.word.empty() && quoted.options.empty() && std::islower(word[0]) != 0) {
        quoted.word = word;
      }
    }
    commands.push_back(quoted);
  }
  return commands;
}

}  // namespace mapquake::quality
