// A plugin in this process, and maps of it.
#pragma once

#include "harness/real/job.hpp"

#include <mapquake/abi.hpp>

#include <string>
#include <vector>

namespace mapquake::driver {

/// Stays loaded until the process ends. What the plugin asks of its host is answered for real: the clock runs, choices
/// are random numbers, nothing throws.
class LoadedPlugin {
 public:
  /// On errors, `error` says what is wrong and nothing else may be called.
  explicit LoadedPlugin(const std::string& file);

  const std::string& error() const { return error_; }
  /// What offsets in its file are counted from.
  std::uintptr_t base() const { return base_; }
  std::vector<real::RealMap> maps() const;
  /// Null where there is none of that name.
  const abi::Map* find(const std::string& name) const;
  void set_hash_mode(abi::HashMode mode) { plugin_->host->hash_mode = mode; }
  /// Called at the points that the map declares.
  void set_point(void (*point)(const char*)) { plugin_->host->point = point; }

 private:
  const abi::Plugin* plugin_ = nullptr;
  std::uintptr_t base_ = 0;
  std::string error_;
};

/// One map object. Requires: no thread uses it any more when it goes.
class MapObject {
 public:
  explicit MapObject(const abi::Map& map, std::uint64_t capacity_hint = 0);
  ~MapObject();
  MapObject(const MapObject&) = delete;
  MapObject& operator=(const MapObject&) = delete;

  /// Empty unless its construction failed.
  const std::string& error() const { return error_; }
  /// `response` is written as far as the call answers.
  void invoke(const abi::Request& request, abi::Response& response) {
    response.status = abi::Status::returned;
    response.told = abi::Told::as_usual;
    response.flag = false;
    response.has_value = false;
    map_.invoke(object_, &request, &response);
  }
  /// Nothing where the map has no such hook.
  void call(abi::Hook hook);
  /// What the map says of its own invariants; empty where they hold.
  std::string broken_invariant() const;

 private:
  const abi::Map& map_;
  void* object_ = nullptr;
  std::string error_;
};

/// Within it, a thread may use the map.
class MapUser {
 public:
  explicit MapUser(MapObject& map) : map_(map) { map_.call(abi::Hook::thread_started); }
  ~MapUser() { map_.call(abi::Hook::thread_ending); }
  MapUser(const MapUser&) = delete;
  MapUser& operator=(const MapUser&) = delete;

 private:
  MapObject& map_;
};

}  // namespace mapquake::driver
