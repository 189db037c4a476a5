// JSON for people and for files, where texts of maps need not be UTF-8.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace mapquake::reports {

/// With a line's end. `indent`: -1 for a single line.
inline std::string dumped(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace mapquake::reports
