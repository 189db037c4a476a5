#include "harness/run/wire.hpp"

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
                    {"about", text_of(map.about)},
                    {"file", text_of(map.source_file)},
                    {"line", map.source_line},
                    {"operations", map.operations},
                    {"range", map.constructs_from_range},
                    {"hint", map.has_capacity_hint},
                    {"validate", map.has_validate},
                    {"dump", map.has_dump},
                    {"use", claims.concurrent_use},
                    {"iteration", claims.iteration},
                    {"size", claims.size},
                    {"whole", claims.whole_map},
                    {"bad_alloc", claims.on_bad_alloc},
                    {"progress", claims.progress},
                    {"exclusive", claims.exclusive_operations},
                    {"may_refuse", claims.may_refuse},
                    {"linearizable", claims.linearizable},
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

std::string describe_error(const Error& error) {
  return json{{"error", error.what}, {"hint", error.hint}, {"code", error.code}}.dump(-1, ' ', false,
                                                                                      json::error_handler_t::replace);
}

Result<std::vector<MapInfo>> parse_description(const std::string& text) try {
  const json all = json::parse(text);
  if (all.contains("error")) return Error{all.at("code"), all.at("error"), all.at("hint")};
  std::vector<Module> modules;
  for (const json& module : all.at("modules")) modules.push_back({module.at("path"), module.at("base")});
  std::vector<MapInfo> infos;
  for (const json& map : all.at("maps")) {
    MapInfo info;
    info.name = map.at("name");
    info.plugin = all.at("plugin").get<std::string>();
    info.index = static_cast<unsigned>(infos.size());
    info.key_type = map.at("key");
    info.value_type = map.at("value");
    info.about = map.at("about");
    info.source_file = map.at("file");
    info.source_line = map.at("line");
    info.operations = map.at("operations");
    info.constructs_from_range = map.at("range");
    info.has_capacity_hint = map.at("hint");
    info.has_validate = map.at("validate");
    info.has_dump = map.at("dump");
    info.claims.concurrent_use = map.at("use");
    info.claims.iteration = map.at("iteration");
    info.claims.size = map.at("size");
    info.claims.whole_map = map.at("whole");
    info.claims.on_bad_alloc = map.at("bad_alloc");
    info.claims.progress = map.at("progress");
    info.claims.exclusive_operations = map.at("exclusive");
    info.claims.may_refuse = map.at("may_refuse");
    info.claims.linearizable = map.at("linearizable");
    info.budgets = map.at("budgets");
    if (const auto budgets = parse_budgets(info.budgets); !budgets) {
      return Error{ExitCode::bad_input,
                   info.plugin.filename().string() + ": the claims of " + info.name + ": " + budgets.error().what,
                   budgets.error().hint};
    }
    info.citation = map.at("citation");
    info.expected_outcomes = map.at("outcomes");
    const json& minimum = map.at("minimum");
    info.expected = {
        "", minimum.at(0), minimum.at(1), minimum.at(2), minimum.at(3), map.at("rare"), map.at("memory_model")};
    info.modules = modules;
    info.unseen_libraries = all.at("unseen").get<std::vector<std::string>>();
    infos.push_back(std::move(info));
  }
  return infos;
} catch (const json::exception& problem) {
  return Error{ExitCode::bad_input, std::string("the plugin's description cannot be read: ") + problem.what(),
               "compile the plugin again with the headers of this mapquake."};
}

}  // namespace mapquake
