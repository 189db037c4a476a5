#include "harness/store/signature.hpp"

#include "harness/store/replay_text.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <set>
#include <vector>

namespace mapquake {
namespace {

/// Length first, so that no two lists of fields give the same text.
void add_field(std::string& out, std::string_view field) {
  out += fmt::format("{}:{},", field.size(), field);
}

std::vector<std::string> sorted_threads(const Program& program) {
  std::vector<std::string> threads;
  for (const std::vector<Operation>& operations : program.threads) {
    std::vector<OpKind> kinds;
    for (const Operation& operation : operations) kinds.push_back(operation.kind);
    std::sort(kinds.begin(), kinds.end());
    std::string& thread = threads.emplace_back();
    for (const OpKind kind : kinds) add_field(thread, name_of(kind));
  }
  std::sort(threads.begin(), threads.end());
  return threads;
}

}  // namespace

std::string signature_of(const ReplayFile& file, std::span<const std::string> race_places) {
  std::string text;
  add_field(text, file.map);
  add_field(text, name_of(file.outcome));
  add_field(text, file.label);
  if (!race_places.empty()) {
    for (const std::string& place : race_places) add_field(text, place);
    return hex16(XXH3_64bits(text.data(), text.size()));
  }
  for (const std::string& thread : sorted_threads(file.program)) add_field(text, thread);
  text += '|';
  std::set<std::pair<std::string_view, std::string_view>> places;
  for (const StoredChoice& choice : file.choices) {
    if (choice.kind != ChoiceKind::adapter) places.emplace(stored_kind(choice.kind), choice.place);
  }
  for (const auto& [kind, place] : places) {
    add_field(text, kind);
    add_field(text, place);
  }
  return hex16(XXH3_64bits(text.data(), text.size()));
}

std::vector<std::string> race_places_of(const Execution& traced, const SiteFunction& site) {
  std::vector<std::string> places;
  if (traced.violation.outcome != Outcome::data_race) return places;
  for (const ThreadState& state : traced.threads) {
    const bool is_access = state.state.starts_with("first: ") || state.state.starts_with("then: ");
    if (!is_access || state.stack.empty()) continue;
    TraceEvent access{.pc = state.stack.front()};
    std::copy_n(state.stack.begin() + 1, std::min(state.stack.size() - 1, access.callers.size()),
                access.callers.begin());
    places.push_back(to_string(place_of(access, site)));
  }
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace mapquake
