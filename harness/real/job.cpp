#include "harness/real/job.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace mapquake::real {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<Keys, std::string_view>, 5> key_table{{{Keys::uniform, "uniform"},
                                                                      {Keys::zipf, "zipf"},
                                                                      {Keys::hot_window, "hot-window"},
                                                                      {Keys::sequential, "sequential"},
                                                                      {Keys::colliding, "colliding"}}};

}  // namespace

}  // namespace mapquake::real

namespace mapquake {
// Found by nlohmann::json next to their types.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CodeRange, begin, end)
}  // namespace mapquake

namespace mapquake::real {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Job, task, plugin, map, threads, keys, key_count, prefill, write_percent,
                                   warm_up_seconds, seconds, repetitions, rate, pinned, seed, calls, delays, places,
                                   directory)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SlowCall, begin_ns, end_ns, thread, kind, key, allocations, bytes, largest, waited,
                                   preempted, page_faults)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Growth, begin_ns, end_ns, thread, kind, bytes, largest)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Latency, p50, p99, p999, max)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Counters, instructions, cycles, cache_misses, refused)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Repetition, operations, seconds, raw, corrected, allocations, allocated_bytes,
                                   counters, errors, waited, preempted, page_faults, slow, growths, growth_count)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PresetRun, operations, seconds, live)

namespace {

json json_of(const RealMap& map) {
  const Claims& c = map.claims;
  return {{"name", map.name},
          {"key_type", map.key_type},
          {"value_type", map.value_type},
          {"operations", map.operations},
          {"concurrent_use", c.concurrent_use},
          {"iteration", c.iteration},
          {"size", c.size},
          {"whole_map", c.whole_map},
          {"bounds", c.bounds},
          {"exclusive", c.exclusive_operations},
          {"may_refuse", c.may_refuse},
          {"linearizable", c.linearizable},
          {"may_miss", c.may_miss},
          {"retention", c.retention},
          {"capacity", c.capacity},
          {"ttl_ms", c.ttl_ms}};
}

RealMap map_of(const json& value) {
  RealMap map;
  value.at("name").get_to(map.name);
  value.at("key_type").get_to(map.key_type);
  value.at("value_type").get_to(map.value_type);
  value.at("operations").get_to(map.operations);
  Claims& c = map.claims;
  value.at("concurrent_use").get_to(c.concurrent_use);
  value.at("iteration").get_to(c.iteration);
  value.at("size").get_to(c.size);
  value.at("whole_map").get_to(c.whole_map);
  value.at("bounds").get_to(c.bounds);
  value.at("exclusive").get_to(c.exclusive_operations);
  value.at("may_refuse").get_to(c.may_refuse);
  value.at("linearizable").get_to(c.linearizable);
  value.at("may_miss").get_to(c.may_miss);
  value.at("retention").get_to(c.retention);
  value.at("capacity").get_to(c.capacity);
  value.at("ttl_ms").get_to(c.ttl_ms);
  return map;
}

}  // namespace

std::string_view name_of(Keys keys) {
  const auto found = std::ranges::find(key_table, keys, &std::pair<Keys, std::string_view>::first);
  return found == key_table.end() ? "" : found->second;
}

std::optional<Keys> keys_named(std::string_view name) {
  const auto found = std::ranges::find(key_table, name, &std::pair<Keys, std::string_view>::second);
  return found == key_table.end() ? std::nullopt : std::optional(found->first);
}

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const auto& [keys, name] : key_table) names.emplace_back(name);
  return names;
}

std::string encode(const Job& job) {
  return json(job).dump(-1, ' ', true, json::error_handler_t::replace);
}

std::string encode(const Message& message) {
  json value = json::object();
  for (const RealMap& map : message.maps) value["maps"].push_back(json_of(map));
  if (message.repetition) value["repetition"] = *message.repetition;
  if (message.preset) value["preset"] = *message.preset;
  if (message.round) value["round"] = *message.round;
  if (!message.error.empty()) value["error"] = message.error;
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

std::optional<Job> decode_job(const std::string& text) {
  try {
    return json::parse(text).get<Job>();
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<Message> decode_message(const std::string& text) {
  try {
    const json value = json::parse(text);
    Message message;
    if (value.contains("maps")) {
      for (const json& map : value["maps"]) message.maps.push_back(map_of(map));
    }
    if (value.contains("repetition")) message.repetition = value["repetition"].get<Repetition>();
    if (value.contains("preset")) message.preset = value["preset"].get<PresetRun>();
    if (value.contains("round")) message.round = value["round"].get<std::uint64_t>();
    message.error = value.value("error", "");
    return message;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace mapquake::real
