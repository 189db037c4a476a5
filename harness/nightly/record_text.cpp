#include "harness/nightly/record_text.hpp"

#include "harness/nightly/kept_text.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mapquake::nightly {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int depth_max = 6;
constexpr std::size_t name_bytes_max = 200;

/// Why a text is no record. Does not leave this file.
struct Trouble {
  std::string reason;
};

std::uint64_t number(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number_unsigned()) {
    throw Trouble{fmt::format("\"{}\" is not a number from 0 to 2^64 - 1", key)};
  }
  return at->get<std::uint64_t>();
}

std::int64_t moment(const json& object, const char* key) {
  const std::uint64_t seconds = number(object, key);
  if (seconds > static_cast<std::uint64_t>(INT64_MAX)) throw Trouble{fmt::format("\"{}\" is no time", key)};
  return static_cast<std::int64_t>(seconds);
}

std::string checked(const std::string& text, std::string_view what) {
  if (text.size() > name_bytes_max || !is_clean(text, LineBreaks::forbidden)) {
    throw Trouble{fmt::format("{} is longer than {} bytes or has control characters", what, name_bytes_max)};
  }
  return text;
}

std::string text_at(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_string()) throw Trouble{fmt::format("\"{}\" is not a string", key)};
  return checked(at->get<std::string>(), key);
}

std::string hex_at(const json& object, const char* key) {
  std::string digits = text_at(object, key);
  if (!is_hex16(digits)) throw Trouble{fmt::format("\"{}\" is not 16 lower-case hexadecimal digits", key)};
  return digits;
}

const json& object_at(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_object()) throw Trouble{fmt::format("\"{}\" is not an object", key)};
  return *at;
}

const json& list_at(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_array()) throw Trouble{fmt::format("\"{}\" is not a list", key)};
  for (const json& element : *at) {
    if (!element.is_object()) throw Trouble{fmt::format("an element of \"{}\" is not an object", key)};
  }
  return *at;
}

template <class Enum>
Enum named(const json& object, const char* key, unsigned count) {
  const std::string name = text_at(object, key);
  for (unsigned i = 0; i < count; ++i) {
    if (name == name_of(static_cast<Enum>(i))) return static_cast<Enum>(i);
  }
  throw Trouble{fmt::format("\"{}\" is {}, which means nothing here", key, shown(name))};
}

DefectKey key_of(const json& object) {
  return {text_at(object, "map"), hex_at(object, "signature")};
}

CellCount cell_of(const json& object) {
  CellCount cell;
  cell.explored_ms = number(object, "explored_ms");
  cell.undecided = number(object, "undecided");
  cell.coverage = number(object, "coverage");
  if (const auto kept = object.find("kept"); kept != object.end()) {
    if (!kept->is_array() || kept->size() > kept_in_record_max) {
      throw Trouble{fmt::format("\"kept\" is not a list of {} programs at most", kept_in_record_max)};
    }
    for (const json& text : *kept) {
      if (!text.is_string() || !is_kept_text(text.get<std::string>())) {
        throw Trouble{"an element of \"kept\" is not a program"};
      }
      cell.kept.push_back(text.get<std::string>());
    }
  }
  const json& hazards = object_at(object, "executions");
  for (const auto& [name, executions] : hazards.items()) {
    cell.hazards[checked(name, "a hazard")] = number(hazards, name.c_str());
  }
  return cell;
}

unsigned shard_at(const json& object, const char* key) {
  const std::uint64_t value = number(object, key);
  if (value == 0 || value > UINT32_MAX) throw Trouble{fmt::format("\"{}\" is not from 1 to 2^32 - 1", key)};
  return static_cast<unsigned>(value);
}

RunRecord record_of(const json& root) {
  if (!root.is_object() || !root.contains("mapquake_run")) throw Trouble{"it is not the record of a run"};
  if (const std::uint64_t format = number(root, "mapquake_run"); format != record_format) {
    throw Trouble{fmt::format("it has format {}; this mapquake reads {}", format, record_format)};
  }
  RunRecord record;
  record.id = hex_at(root, "id");
  record.number = number(root, "number");
  record.seed = number(root, "seed");
  record.shard = shard_at(root, "shard");
  record.shards = shard_at(root, "shards");
  if (record.shard > record.shards) throw Trouble{"\"shard\" is greater than \"shards\""};
  record.version = text_at(root, "version");
  record.started_s = moment(root, "started_s");
  record.saved_s = moment(root, "saved_s");
  record.saves = number(root, "saves");
  record.end = named<RunEnd>(root, "end", run_end_count);
  for (const auto& [map, scenarios] : object_at(root, "cells").items()) {
    if (!scenarios.is_object()) throw Trouble{"a map of \"cells\" is not an object"};
    for (const auto& [scenario, cell] : scenarios.items()) {
      if (!cell.is_object()) throw Trouble{"a scenario of \"cells\" is not an object"};
      record.cells[{checked(map, "a map"), checked(scenario, "a scenario")}] = cell_of(cell);
    }
  }
  const json& builds = object_at(root, "builds");
  for (const auto& [map, build] : builds.items()) record.builds[checked(map, "a map")] = text_at(builds, map.c_str());
  for (const json& seen : list_at(root, "seen")) {
    record.seen[key_of(seen)] = {moment(seen, "first_s"), moment(seen, "last_s"), number(seen, "executions")};
  }
  for (const json& known : list_at(root, "replayed")) {
    record.replayed[key_of(known)] = {named<KnownState>(known, "state", known_state_count), moment(known, "at_s")};
  }
  if (root.contains("canaries")) {
    for (const auto& [map, count] : object_at(root, "canaries").items()) {
      if (!count.is_object()) throw Trouble{"a map of \"canaries\" is not an object"};
      CanaryCount& canary = record.canaries[checked(map, "a map")];
      canary = {number(count, "tries"), number(count, "found"), number(count, "executions")};
      if (canary.found > canary.tries) throw Trouble{"a canary was found more often than it was looked for"};
    }
  }
  return record;
}

}  // namespace

std::string to_json(const RunRecord& record) {
  ordered_json root{{"mapquake_run", record_format},
                    {"id", record.id},
                    {"number", record.number},
                    {"seed", record.seed},
                    {"shard", record.shard},
                    {"shards", record.shards},
                    {"version", record.version},
                    {"started_s", record.started_s},
                    {"saved_s", record.saved_s},
                    {"saves", record.saves},
                    {"end", name_of(record.end)},
                    {"cells", ordered_json::object()},
                    {"builds", record.builds},
                    {"seen", ordered_json::array()},
                    {"replayed", ordered_json::array()}};
  for (const auto& [key, cell] : record.cells) {
    root["cells"][key.map][key.scenario] = {{"explored_ms", cell.explored_ms},
                                            {"undecided", cell.undecided},
                                            {"coverage", cell.coverage},
                                            {"executions", cell.hazards}};
    if (!cell.kept.empty()) root["cells"][key.map][key.scenario]["kept"] = cell.kept;
  }
  for (const auto& [key, seen] : record.seen) {
    root["seen"].push_back({{"map", key.map},
                            {"signature", key.signature},
                            {"first_s", seen.first_s},
                            {"last_s", seen.last_s},
                            {"executions", seen.hits}});
  }
  for (const auto& [key, replayed] : record.replayed) {
    root["replayed"].push_back(
        {{"map", key.map}, {"signature", key.signature}, {"state", name_of(replayed.state)}, {"at_s", replayed.at_s}});
  }
  for (const auto& [map, count] : record.canaries) {
    root["canaries"][map] = {{"tries", count.tries}, {"found", count.found}, {"executions", count.executions}};
  }
  return root.dump(1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

Result<RunRecord> parse_record(std::string_view text, std::string_view name) {
  const auto refused = [&](std::string_view reason) {
    return Error{
        ExitCode::bad_input, fmt::format("{}: {}", name, reason),
        "It was edited or damaged. Without it, what its run did is not counted; failures are files of their own."};
  };
  if (text.size() > record_bytes_max) return refused("it is longer than a record may be");
  const auto shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > depth_max) throw Trouble{"it is nested more deeply than a record"};
    return true;
  };
  try {
    return record_of(json::parse(text, shallow));
  } catch (const json::parse_error& wrong) {
    return refused(fmt::format("line {} is not JSON", line_of(text, wrong.byte)));
  } catch (const json::out_of_range&) {
    return refused("a number in it is beyond all numbers");
  } catch (const Trouble& trouble) {
    return refused(trouble.reason);
  }
}

}  // namespace mapquake::nightly
