#include "harness/worker/describe_plugin.hpp"

#include <link.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

namespace mapquake {

namespace {

using nlohmann::json;

json modules_of_this_process() {
  json modules = json::array();
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        std::string path = info->dlpi_name;
        if (path.empty()) {
          char self[4096];
          const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self);
          if (length > 0) path.assign(self, static_cast<std::size_t>(length));
        }
        if (!path.empty() && path[0] == '/') {
          static_cast<json*>(context)->push_back({{"path", path}, {"base", info->dlpi_addr}});
        }
        return 0;
      },
      &modules);
  return modules;
}

std::string text_of(const char* text) {
  return text == nullptr ? "" : text;
}

}  // namespace

std::string describe_plugin(const std::filesystem::path& file, const LoadedPlugin& loaded) {
  const abi::Plugin& plugin = *loaded.plugin;
  json maps = json::array();
  for (std::uint32_t i = 0; i < plugin.map_count; ++i) {
    const abi::Map& map = *plugin.maps[i];
    const Claims& claims = map.claims;
    const Expectation& expected = map.expected;
    maps.push_back({{"name", text_of(map.name)},
                    {"key", text_of(map.key_type)},
                    {"value", text_of(map.value_type)},
                    {"key_first", map.key_first},
                    {"key_last", map.key_last},
                    {"value_first", map.value_first},
                    {"value_last", map.value_last},
                    {"about", text_of(map.about)},
                    {"file", text_of(map.source_file)},
                    {"line", map.source_line},
                    {"operations", map.operations},
                    {"range", map.constructs_from_range},
                    {"hint", map.has_capacity_hint},
                    {"takes_capacity", map.takes_capacity},
                    {"validate", map.has_validate},
                    {"dump", map.has_dump},
                    {"use", claims.concurrent_use},
                    {"iteration", claims.iteration},
                    {"size", claims.size},
                    {"whole", claims.whole_map},
                    {"bounds", claims.bounds},
                    {"find_all", claims.find_all},
                    {"transactions", claims.transactions},
                    {"beside_cursors", claims.beside_cursors},
                    {"bad_alloc", claims.on_bad_alloc},
                    {"progress", claims.progress},
                    {"exclusive", claims.exclusive_operations},
                    {"may_refuse", claims.may_refuse},
                    {"linearizable", claims.linearizable},
                    {"may_miss", claims.may_miss},
                    {"retention", claims.retention},
                    {"capacity", claims.capacity},
                    {"ttl_ms", claims.ttl_ms},
                    {"budgets", text_of(claims.budgets)},
                    {"citation", text_of(claims.citation)},
                    {"outcomes", text_of(expected.outcomes)},
                    {"rare", expected.rare},
                    {"memory_model", expected.memory_model},
                    {"minimum", {expected.threads, expected.operations, expected.preemptions, expected.faults}}});
  }
  const json all{{"plugin", file.string()},
                 {"maps", maps},
                 {"modules", modules_of_this_process()},
                 {"unseen", loaded.unseen_libraries}};
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace mapquake
