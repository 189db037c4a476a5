// What plugins have said of themselves, found again by their content: to load a hundred of them takes half a second of
// processor time, and most commands are about one.
#pragma once

#include "harness/case/map_info.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mapquake {

/// One file for each directory of plugins; it has the plugins that were there last. Processes may share it: what
/// appears in its place is whole, and the last one wins.
class PluginCache {
 public:
  /// Reads `file`. One that is missing, damaged or of another version is empty.
  explicit PluginCache(std::filesystem::path file);

  /// What the plugin said (parse_description), if it is of this `build`, is loaded in an environment like the one then,
  /// and every module that came with it is as it was: size and time of change.
  std::optional<std::string> find(const std::filesystem::path& plugin, const std::string& build);
  void keep(const std::filesystem::path& plugin, const std::string& build, const std::string& description,
            const std::vector<Module>& modules);
  /// Puts what was found and kept into the file, if that is another set than what it had. Where that fails nothing is
  /// lost but time.
  void save() const;

 private:
  struct Stamp {
    std::uint64_t bytes = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    std::string build;
    std::string environment;
    std::string description;
    std::map<std::string, Stamp> modules;
  };
  using Entries = std::map<std::string, Entry>;

  static Entries read(const std::filesystem::path& file);
  const Stamp& stamp_of(const std::string& module);

  std::filesystem::path file_;
  Entries were_;
  Entries are_;
  bool changed_ = false;
  std::map<std::string, Stamp> stamps_;
};

}  // namespace mapquake
