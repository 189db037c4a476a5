#include "harness/parent/plugin_cache.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <utility>

namespace mapquake {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int version = 1;

/// What decides which libraries a plugin is loaded with, beside their files.
std::string loading_environment() {
  std::string all;
  for (const char* name : {"LD_LIBRARY_PATH", "LD_PRELOAD"}) {
    const char* const value = std::getenv(name);
    all += std::string(value == nullptr ? "" : value) + '\n';
  }
  return all;
}

}  // namespace

PluginCache::PluginCache(fs::path file) : file_(std::move(file)), were_(read(file_)) {}

PluginCache::Entries PluginCache::read(const fs::path& file) try {
  std::ifstream in(file);
  if (!in) return {};
  const json all = json::parse(in);
  if (all.at("version") != version) return {};
  Entries entries;
  for (const auto& [plugin, kept] : all.at("plugins").items()) {
    Entry& entry = entries[plugin];
    kept.at("build").get_to(entry.build);
    kept.at("environment").get_to(entry.environment);
    kept.at("description").get_to(entry.description);
    for (const auto& [path, stamp] : kept.at("modules").items()) {
      entry.modules[path] = {stamp.at(0).get<std::uint64_t>(), stamp.at(1).get<std::int64_t>()};
    }
  }
  return entries;
} catch (const std::exception&) {
  return {};
}

const PluginCache::Stamp& PluginCache::stamp_of(const std::string& module) {
  const auto [found, is_new] = stamps_.try_emplace(module);
  struct stat status = {};
  if (is_new && ::stat(module.c_str(), &status) == 0) {
    found->second = {static_cast<std::uint64_t>(status.st_size),
                     status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec};
  }
  return found->second;
}

std::optional<std::string> PluginCache::find(const fs::path& plugin, const std::string& build) {
  const auto found = were_.find(plugin.string());
  if (found == were_.end()) return std::nullopt;
  const Entry& entry = found->second;
  if (entry.build != build || entry.environment != loading_environment()) return std::nullopt;
  for (const auto& [path, stamp] : entry.modules) {
    if (stamp_of(path) != stamp) return std::nullopt;
  }
  are_.insert(*found);
  return entry.description;
}

void PluginCache::keep(const fs::path& plugin, const std::string& build, const std::string& description,
                       const std::vector<Module>& modules) {
  Entry entry{build, loading_environment(), description, {}};
  for (const Module& module : modules) entry.modules[module.path] = stamp_of(module.path);
  are_[plugin.string()] = std::move(entry);
  changed_ = true;
}

void PluginCache::save() const {
  if (!changed_ && are_.size() == were_.size()) return;
  json plugins = json::object();
  for (const auto& [plugin, entry] : are_) {
    json modules = json::object();
    for (const auto& [path, stamp] : entry.modules) modules[path] = {stamp.bytes, stamp.changed_ns};
    plugins[plugin] = {{"build", entry.build},
                       {"environment", entry.environment},
                       {"description", entry.description},
                       {"modules", std::move(modules)}};
  }
  std::error_code error;
  fs::create_directories(file_.parent_path(), error);
  const fs::path temporary = fmt::format("{}.{}", file_.string(), ::getpid());
  std::ofstream out(temporary);
  out << json{{"version", version}, {"plugins", std::move(plugins)}}.dump(-1, ' ', false,
                                                                          json::error_handler_t::replace);
  out.close();
  if (out) fs::rename(temporary, file_, error);
  if (!out || error) fs::remove(temporary, error);
}

}  // namespace mapquake
