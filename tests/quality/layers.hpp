// The order of the layers (DESIGN section 5), read off the #include lines of a tree.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::quality {

/// harness/ from left to right; a layer includes itself and what stands left of it.
inline constexpr std::array<std::string_view, 20> layers{
    "base",   "history", "choice", "strategy", "memory",   "runtime", "oracle",  "case", "wire",   "worker",
    "parent", "shrink",  "store",  "recorded", "campaign", "nightly", "compile", "real", "driver", "cli"};

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

}  // namespace mapquake::quality
