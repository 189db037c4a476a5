// Which folder of the tree includes which: the edges that are allowed, and those that the #include lines have.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::quality {

/// A folder of harness/, or `scenarios` or `reports`, and the others that its files include.
struct Layer {
  std::string_view name;
  std::vector<std::string_view> sees;
};
/// From the ground up: a layer sees none that stands behind it.
std::span<const Layer> layers();
/// Everything that the layer sees, and what that sees, and so on, in the order of layers().
std::vector<std::string_view> all_below(std::string_view layer);
/// "case        base choice history oracle scenarios", a line for each: the picture in docs/ARCHITECTURE.md.
std::string picture_of_layers();

struct Include {
  std::string file;    ///< "harness/case/executor.hpp": from the root of the tree
  unsigned line = 0;   ///< from 1
  std::string target;  ///< "boost/fiber/all.hpp"
  bool quoted = false;
};

/// Every #include below adapters/, harness/, reports/ and scenarios/, by file and line. Those in comments do not count.
std::vector<Include> includes_of_tree(const std::filesystem::path& root);

/// "harness/a/b.cpp:7: why", one for each #include that breaks a rule; empty: the tree keeps them all.
std::vector<std::string> layer_breaches(const std::filesystem::path& root);

/// "shrink sees store", one for each allowed edge that no #include needs.
std::vector<std::string> unused_edges(const std::filesystem::path& root);

/// The files of the tree that `file` includes, it and they at any depth; sorted, `file` among them.
std::vector<std::string> included_by(const std::filesystem::path& root, const std::string& file);

}  // namespace mapquake::quality
