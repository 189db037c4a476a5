#include "harness/wire/protocol.hpp"

#include "harness/history/budget.hpp"

#include <nlohmann/json.hpp>

namespace mapquake {

using nlohmann::json;

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
    info.key_numbers = {map.at("key_first"), map.at("key_last")};
    info.value_numbers = {map.at("value_first"), map.at("value_last")};
    info.about = map.at("about");
    info.source_file = map.at("file");
    info.source_line = map.at("line");
    info.operations = map.at("operations");
    info.constructs_from_range = map.at("range");
    info.has_capacity_hint = map.at("hint");
    info.takes_capacity = map.at("takes_capacity");
    info.has_validate = map.at("validate");
    info.has_dump = map.at("dump");
    info.claims.concurrent_use = map.at("use");
    info.claims.iteration = map.at("iteration");
    info.claims.size = map.at("size");
    info.claims.whole_map = map.at("whole");
    info.claims.bounds = map.at("bounds");
    info.claims.find_all = map.at("find_all");
    info.claims.transactions = map.at("transactions");
    info.claims.beside_cursors = map.at("beside_cursors");
    info.claims.on_bad_alloc = map.at("bad_alloc");
    info.claims.progress = map.at("progress");
    info.claims.exclusive_operations = map.at("exclusive");
    info.claims.may_refuse = map.at("may_refuse");
    info.claims.linearizable = map.at("linearizable");
    info.claims.may_miss = map.at("may_miss");
    info.claims.retention = map.at("retention");
    info.claims.capacity = map.at("capacity");
    info.claims.ttl_ms = map.at("ttl_ms");
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
