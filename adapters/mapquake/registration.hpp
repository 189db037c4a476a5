// How the maps and programs of a plugin are found: the one symbol that it exports, and what MAPQUAKE_MAP and
// MAPQUAKE_PROGRAM leave behind for it.
#pragma once

#include <mapquake/host.hpp>

#include <new>

namespace mapquake::detail {

consteval bool is_map_name(const char* name) {
  if (*name == '\0') return false;
  for (; *name != '\0'; ++name) {
    const char c = *name;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-') return false;
  }
  return true;
}

// Every MAPQUAKE_MAP puts one pointer into this section of the plugin; the linker marks where it begins and ends.
// No constructor runs, and nothing limits their number.
extern "C" MAPQUAKE_HIDDEN const abi::Map* const __start_mapquake_maps[] __attribute__((weak));
extern "C" MAPQUAKE_HIDDEN const abi::Map* const __stop_mapquake_maps[] __attribute__((weak));

/// What is only known once the plugin is loaded: bodies of mapquake::check (sections hold no templates), and whether
/// there is a main().
struct LateEntry {
  abi::Map map;
  LateEntry* next;
};
MAPQUAKE_HIDDEN inline constinit LateEntry* late_entries = nullptr;

MAPQUAKE_GLUE inline bool register_late(LateEntry& entry) {
  entry.next = late_entries;
  late_entries = &entry;
  return true;
}

MAPQUAKE_HIDDEN inline constinit abi::Plugin plugin{abi::magic, abi::version, 0, nullptr, &host};

MAPQUAKE_GLUE inline void list_all() {
  const auto early = static_cast<std::size_t>(__stop_mapquake_maps - __start_mapquake_maps);
  plugin.maps = __start_mapquake_maps;
  plugin.map_count = static_cast<std::uint32_t>(early);
  if (late_entries == nullptr) return;
  std::size_t count = early;
  for (const LateEntry* entry = late_entries; entry != nullptr; entry = entry->next) ++count;
  const auto all = static_cast<const abi::Map**>(::operator new(count * sizeof(const abi::Map*)));
  for (std::size_t i = 0; i < early; ++i) all[i] = __start_mapquake_maps[i];
  // The list is in the reverse of the order of registration.
  std::size_t at = count;
  for (const LateEntry* entry = late_entries; entry != nullptr; entry = entry->next) all[--at] = &entry->map;
  plugin.maps = all;
  plugin.map_count = static_cast<std::uint32_t>(count);
}

}  // namespace mapquake::detail

/// The one symbol that a plugin exports: weak, so that any number of its source files may hold it.
extern "C" __attribute__((visibility("default"), used)) MAPQUAKE_GLUE inline const mapquake::abi::Plugin*
mapquake_plugin() {
  mapquake::detail::list_all();
  return &mapquake::detail::plugin;
}

#define MAPQUAKE_DETAIL_JOIN_(a, b) a##b
#define MAPQUAKE_DETAIL_JOIN(a, b) MAPQUAKE_DETAIL_JOIN_(a, b)

/// Leaves `map`, an abi::Map with static storage, behind for mapquake_plugin().
#define MAPQUAKE_DETAIL_ENTRY(id, map)                                                                     \
  __attribute__((section("mapquake_maps"), used)) static const ::mapquake::abi::Map* MAPQUAKE_DETAIL_JOIN( \
      mapquake_entry_, id) = &(map)
