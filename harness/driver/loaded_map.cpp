#include "harness/driver/loaded_map.hpp"

#include "harness/base/rng.hpp"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace mapquake::driver {
namespace {

std::uint32_t choose(std::uint32_t n) {
  thread_local Rng random(static_cast<std::uint64_t>(::pthread_self()));
  return random.below(n);
}

std::uint64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void fail(const char* message) {
  std::fprintf(stderr, "mapquake: invariant broken: %s\n", message);
  std::abort();
}

void no_point(const char*) {}
bool never_throws(abi::UserCode) {
  return false;
}
void tell_nothing(void (*)(const void*, char*, std::size_t), const void*, bool) {}
void count_nothing(std::size_t) {}

}  // namespace

LoadedPlugin::LoadedPlugin(const std::string& file) {
  void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    error_ = ::dlerror();
    return;
  }
  const auto entry = reinterpret_cast<abi::EntryFunction>(::dlsym(library, abi::entry_symbol));
  if (entry != nullptr) plugin_ = entry();
  if (plugin_ == nullptr || plugin_->magic != abi::magic || plugin_->version != abi::version) {
    error_ = file + ": is no plugin of this mapquake";
    return;
  }
  link_map* loaded = nullptr;
  if (::dlinfo(library, RTLD_DI_LINKMAP, &loaded) == 0) base_ = loaded->l_addr;
  *plugin_->host = {.choose = choose,
                    .now_ms = now_ms,
                    .fail = fail,
                    .point = no_point,
                    .user_code_throws = never_throws,
                    .tell = tell_nothing,
                    .copied = count_nothing,
                    .hash_mode = abi::HashMode::good};
}

std::vector<real::RealMap> LoadedPlugin::maps() const {
  std::vector<real::RealMap> maps;
  for (std::uint32_t i = 0; i < plugin_->map_count; ++i) {
    const abi::Map& map = *plugin_->maps[i];
    maps.push_back({map.name, map.key_type, map.value_type, map.operations, map.claims});
    Claims& claims = maps.back().claims;
    claims.budgets = claims.citation = "";
  }
  return maps;
}

const abi::Map* LoadedPlugin::find(const std::string& name) const {
  for (std::uint32_t i = 0; i < plugin_->map_count; ++i) {
    if (name == plugin_->maps[i]->name) return plugin_->maps[i];
  }
  return nullptr;
}

MapObject::MapObject(const abi::Map& map, std::uint64_t capacity_hint) : map_(map) {
  abi::Construction construction;
  if (map.has_capacity_hint) construction.capacity_hint = capacity_hint;
  abi::Response response;
  object_ = map.create(&construction, &response);
  if (object_ == nullptr) error_ = std::string("its constructor threw: ") + response.message;
}

MapObject::~MapObject() {
  if (object_ != nullptr) map_.destroy(object_);
}

void MapObject::call(abi::Hook hook) {
  if ((map_.hooks & abi::hook_bit(hook)) == 0) return;
  abi::Response response;
  map_.call_hook(object_, hook, &response);
}

std::string MapObject::broken_invariant() const {
  if (!map_.has_validate) return {};
  std::array<char, 512> text{};
  map_.validate(object_, text.data(), text.size());
  return text.data();
}

}  // namespace mapquake::driver
