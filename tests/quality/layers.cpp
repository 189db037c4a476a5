#include "tests/quality/layers.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace mapquake::quality {
namespace {

namespace fs = std::filesystem;

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) { return text.starts_with(beginning); });
}

const Layer* find_layer(std::string_view name) {
  const auto all = layers();
  const auto found = std::ranges::find(all, name, &Layer::name);
  return found == all.end() ? nullptr : &*found;
}

/// "case" of "harness/case/executor.hpp", "reports" of "reports/formats/junit.cpp"; empty where it is no layer's.
std::string_view layer_of(std::string_view path) {
  constexpr std::string_view harness = "harness/";
  if (path.starts_with(harness)) path.remove_prefix(harness.size());
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

std::string breach_of_layer(const Include& include) {
  const std::string_view from = layer_of(include.file), to = layer_of(include.target);
  const Layer* const own = find_layer(from);
  if (own == nullptr) return std::string(from) + " is not a layer";
  if (!starts_with_any(include.target, {"harness/", "scenarios/", "reports/"})) {
    return "an include in quotes is written from the root of the tree";
  }
  if (find_layer(to) == nullptr) return std::string(to) + " is not a layer";
  if (from == to || std::ranges::find(own->sees, to) != own->sees.end()) return {};
  return std::string(from) + " does not see " + std::string(to);
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
  return breach_of_layer(include);
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

std::span<const Layer> layers() {
  // What is not listed is not allowed, and what is listed is used. An edge is added by whoever needs it, after a
  // thought about what the folder can then no longer do without.
  static const std::vector<Layer> all{
      {"base", {}},
      {"choice", {}},
      {"history", {"base", "choice"}},
      {"scenarios", {"base", "history"}},
      {"strategy", {"base", "choice"}},
      {"memory", {"base", "choice", "history"}},
      {"runtime", {"base", "choice", "history", "memory", "strategy"}},
      {"oracle", {"base", "history"}},
      {"case", {"base", "choice", "history", "oracle", "scenarios"}},
      {"wire", {"base", "case", "history"}},
      {"worker", {"base", "case", "history", "memory", "oracle", "runtime", "strategy", "wire"}},
      {"parent", {"base", "case", "history", "wire"}},
      {"shrink", {"base", "case", "choice", "history"}},
      {"store", {"base", "case", "history", "scenarios"}},
      {"recorded", {"base", "case", "history", "oracle", "store"}},
      {"campaign", {"base", "case", "choice", "history", "scenarios", "shrink", "store", "strategy"}},
      {"nightly", {"base", "campaign", "case", "history", "store"}},
      {"compile", {"base", "store"}},
      {"real", {"base", "recorded"}},
      {"driver", {"base", "real"}},
      {"reports", {"base", "case", "choice", "history", "store"}},
      {"cli",
       {"base", "campaign", "case", "compile", "history", "nightly", "parent", "real", "recorded", "reports", "store",
        "strategy", "worker"}},
  };
  return all;
}

std::vector<std::string_view> all_below(std::string_view layer) {
  std::set<std::string_view> below;
  const auto descend = [&below](const auto& self, std::string_view name) -> void {
    for (const std::string_view seen : find_layer(name)->sees) {
      if (below.insert(seen).second) self(self, seen);
    }
  };
  descend(descend, layer);
  std::vector<std::string_view> in_order;
  for (const Layer& one : layers()) {
    if (below.contains(one.name)) in_order.push_back(one.name);
  }
  return in_order;
}

std::string picture_of_layers() {
  std::string picture;
  for (const Layer& layer : layers()) {
    std::string line(layer.name);
    line.resize(std::max<std::size_t>(line.size(), 10), ' ');
    for (const std::string_view seen : layer.sees) line += "  " + std::string(seen);
    picture += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return picture;
}

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

std::vector<std::string> unused_edges(const fs::path& root) {
  std::set<std::pair<std::string, std::string>> used;
  for (const Include& include : includes_of_tree(root)) {
    if (include.quoted) used.emplace(layer_of(include.file), layer_of(include.target));
  }
  std::vector<std::string> unused;
  for (const Layer& layer : layers()) {
    for (const std::string_view seen : layer.sees) {
      if (!used.contains({std::string(layer.name), std::string(seen)})) {
        unused.push_back(std::string(layer.name) + " sees " + std::string(seen));
      }
    }
  }
  return unused;
}

std::vector<std::string> included_by(const fs::path& root, const std::string& file) {
  std::multimap<std::string, std::string> edges;
  for (const Include& include : includes_of_tree(root)) {
    if (include.quoted) edges.emplace(include.file, include.target);
  }
  std::set<std::string> found{file};
  std::vector<std::string> open{file};
  while (!open.empty()) {
    const auto [begin, end] = edges.equal_range(open.back());
    open.pop_back();
    for (auto edge = begin; edge != end; ++edge) {
      if (found.insert(edge->second).second) open.push_back(edge->second);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace mapquake::quality
