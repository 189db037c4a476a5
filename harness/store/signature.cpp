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

bool tells_of_the_defect(const Witness& witness, Outcome outcome) {
  const Role role = witness.standing.role;
  switch (outcome) {
    case Outcome::data_race:
      return role == Role::first_access || role == Role::second_access;
    case Outcome::use_after_free:
    case Outcome::double_free:
      return role == Role::running || role == Role::freed;
    case Outcome::out_of_bounds:
    case Outcome::mismatched_free:
      return role == Role::running || role == Role::allocated;
    case Outcome::leak:
      return role == Role::allocated;
    case Outcome::deadlock:
      return role == Role::waiting && witness.thread != main_thread;
    default:
      return false;
  }
}

}  // namespace

std::string signature_of(const ReplayFile& file, std::span<const std::string> telling_places) {
  std::string text;
  add_field(text, file.map);
  add_field(text, name_of(file.outcome));
  // Which of two accesses wrote, or freed, is the symptom by which a missing order between two places shows.
  const bool by_places_alone = file.outcome == Outcome::data_race && !telling_places.empty();
  if (!by_places_alone) add_field(text, file.label);
  if (!telling_places.empty()) {
    for (const std::string& place : telling_places) add_field(text, place);
    return hex16(XXH3_64bits(text.data(), text.size()));
  }
  for (const std::string& thread : sorted_threads(file.program)) add_field(text, thread);
  text += '|';
  std::set<std::pair<std::string_view, std::string_view>> places;
  for (const StoredChoice& choice : file.choices) {
    // Without a place it is which thread begins.
    const bool tells = choice.kind != ChoiceKind::adapter && !choice.place.empty() && choice.place != "?";
    if (tells) places.emplace(stored_kind(choice.kind), choice.place);
  }
  for (const auto& [kind, place] : places) {
    add_field(text, kind);
    add_field(text, place);
  }
  return hex16(XXH3_64bits(text.data(), text.size()));
}

std::vector<std::string> telling_places_of(const Execution& traced, const SiteFunction& site) {
  std::set<std::string> places;
  for (const Witness& state : traced.threads) {
    if (!tells_of_the_defect(state, traced.violation.outcome) || state.stack.empty()) continue;
    TraceEvent access{.pc = state.stack.front()};
    std::copy_n(state.stack.begin() + 1, std::min(state.stack.size() - 1, access.callers.size()),
                access.callers.begin());
    places.insert(to_string(place_of(access, site)));
  }
  return {places.begin(), places.end()};
}

}  // namespace mapquake
