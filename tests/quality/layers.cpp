#include "tests/quality/layers.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <regex>

namespace mapquake::quality {
namespace {

namespace fs = std::filesystem;

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) { return text.starts_with(beginning); });
}

std::optional<std::size_t> position_of(std::string_view layer) {
  const auto found = std::find(layers.begin(), layers.end(), layer);
  if (found == layers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - layers.begin());
}

/// "case" of "harness/case/executor.hpp".
std::string_view layer_of(std::string_view path) {
  path.remove_prefix(std::string_view("harness/").size());
  return path.substr(0, path.find('/'));
}

std::string breach_of_library(const Include& include) {
  const std::string_view from = include.file;
  if (starts_with_any(include.target, {"boost/fiber", "boost/context"}) && !from.starts_with("harness/runtime/")) {
    return "Boost.Fiber belongs to harness/runtime/ alone";
  }
  const bool declares_points = from.starts_with("adapters/") || from.starts_with("tests/plugins/");
  if (include.target.starts_with("fiu") && !from.starts_with("harness/worker/libfiu.") && !declares_points) {
    return "libfiu belongs to harness/worker/libfiu.cpp alone";
  }
  if (include.target.starts_with("rapidcheck") && !starts_with_any(from, {"scenarios/", "harness/shrink/"})) {
    return "rapidcheck belongs to scenarios/ and harness/shrink/ alone";
  }
  return {};
}

std::string breach_of_harness(const Include& include) {
  const std::string_view layer = layer_of(include.file);
  const auto own = position_of(layer);
  if (!own) return "harness/" + std::string(layer) + "/ is not a layer";
  const std::string_view target = include.target;
  if (target.starts_with("reports/")) return layer == "cli" ? "" : "reports/ are for harness/cli/";
  if (target == "scenarios/scenario.hpp") {
    return *own >= *position_of("case") ? "" : "scenarios are for harness/case/ and what stands right of it";
  }
  if (!target.starts_with("harness/")) return "an include in quotes is written from the root of the tree";
  if (layer == "history" && target == "harness/choice/choice.hpp") return {};
  const auto other = position_of(layer_of(target));
  if (!other) return "harness/" + std::string(layer_of(target)) + "/ is not a layer";
  if (*other > *own) return std::string(layer) + " stands left of " + std::string(layers[*other]);
  return {};
}

std::string breach_of_scenarios(const Include& include) {
  if (starts_with_any(include.target, {"scenarios/", "harness/base/", "harness/history/", "harness/choice/"}))
    return {};
  return "scenarios see base, history and choice";
}

std::string breach_of_reports(const Include& include) {
  if (starts_with_any(include.target, {"reports/", "harness/base/", "harness/history/", "harness/choice/",
                                       "harness/store/", "harness/oracle/violation.hpp", "harness/case/executor.hpp",
                                       "harness/case/map_info.hpp", "harness/words/"})) {
    return {};
  }
  return "reports see store, history, outcome, words, Execution and MapInfo";
}

std::string breach_of_adapters(const Include& include) {
  if (starts_with_any(include.target, {"harness/", "scenarios/", "reports/", "tests/"})) {
    return "adapters see only <mapquake/...>";
  }
  if (include.file.starts_with("adapters/mapquake/") && include.quoted) return "the adapter API stands by itself";
  return {};
}

std::string breach_of(const Include& include) {
  if (include.target.find("..") != std::string::npos) return "an include does not climb with \"..\"";
  if (const std::string library = breach_of_library(include); !library.empty()) return library;
  if (include.file.starts_with("adapters/")) return breach_of_adapters(include);
  const bool ours = starts_with_any(include.target, {"harness/", "scenarios/", "reports/", "adapters/", "tests/"});
  if (!include.quoted) return ours ? "files of the tree are included in quotes" : "";
  if (include.file.starts_with("harness/")) return breach_of_harness(include);
  if (include.file.starts_with("scenarios/")) return breach_of_scenarios(include);
  return breach_of_reports(include);
}

/// Tells code from the text of raw string literals, line by line.
class RawStrings {
 public:
  /// Whether the line begins inside one.
  bool begins_inside(const std::string& line) {
    const bool inside = !end_.empty();
    std::size_t at = 0;
    for (;;) {
      if (!end_.empty()) {
        at = line.find(end_, at);
        if (at == std::string::npos) return inside;
        end_.clear();
      }
      at = line.find("R\"", at);
      const std::size_t open = line.find('(', at);
      if (at == std::string::npos || open == std::string::npos) return inside;
      end_ = ")" + line.substr(at + 2, open - at - 2) + "\"";
    }
  }

 private:
  std::string end_;  ///< what ends the literal that is open; empty: none is
};

void read_includes(const fs::path& root, const fs::path& path, std::vector<Include>& includes) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::ifstream file(path);
  std::string text;
  RawStrings raw_strings;
  for (unsigned line = 1; std::getline(file, text); ++line) {
    std::smatch match;
    if (raw_strings.begins_inside(text) || !std::regex_search(text, match, pattern)) continue;
    includes.push_back({fs::relative(path, root).generic_string(), line, match[2].str(), match[1].str() == "\""});
  }
}

}  // namespace

std::vector<Include> includes_of_tree(const fs::path& root) {
  std::vector<Include> includes;
  for (const char* folder : {"adapters", "harness", "reports", "scenarios"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".hpp" || extension == ".cpp") read_includes(root, entry.path(), includes);
    }
  }
  std::sort(includes.begin(), includes.end(),
            [](const Include& a, const Include& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
  return includes;
}

std::vector<std::string> layer_breaches(const fs::path& root) {
  std::vector<std::string> breaches;
  for (const Include& include : includes_of_tree(root)) {
    const std::string why = breach_of(include);
    if (!why.empty()) {
      breaches.push_back(include.file + ":" + std::to_string(include.line) + ": includes " + include.target + ": " +
                         why);
    }
  }
  return breaches;
}

}  // namespace mapquake::quality
