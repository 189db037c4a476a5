#include "harness/history/symptom.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

struct Text {
  std::string_view code;
  std::string_view words;
};

#define MQ_SYMPTOM_TEXT(code, words) Text{#code, words},
constexpr std::array texts{MQ_SYMPTOMS(MQ_SYMPTOM_TEXT)};
#undef MQ_SYMPTOM_TEXT

constexpr std::string_view after_throw = " after a throw";
constexpr std::string_view killed_by = "killed by ";
constexpr std::string_view saw_what = "saw ";

const Text& text_of(Symptom symptom) {
  const auto index = static_cast<std::size_t>(symptom);
  MQ_ASSERT(index < texts.size());
  return texts[index];
}

std::optional<Symptom> symptom_at(const Text* at) {
  if (at == texts.end()) return std::nullopt;
  return static_cast<Symptom>(at - texts.begin());
}

/// Those whose own words say that something threw.
bool tells_of_throw(Symptom symptom) {
  switch (symptom) {
    case Symptom::effect_after_throw:
    case Symptom::untouched_key_harmed:
    case Symptom::lock_left_held:
    case Symptom::lost_wake_up_after_throw:
    case Symptom::leak_after_throw:
    case Symptom::terminate:
      return true;
    default:
      return false;
  }
}

/// The symptom whose label is its detail.
Symptom detailed(Outcome outcome) {
  switch (outcome) {
    case Outcome::unexpected_exception:
      return Symptom::exception;
    case Outcome::invariant_broken:
    case Outcome::exception_guarantee_broken:
      return Symptom::own_check;
    case Outcome::budget_exceeded:
      return Symptom::budget;
    case Outcome::crash:
    case Outcome::abort:
      return Symptom::signal;
    default:
      return Symptom::none;
  }
}

}  // namespace

std::string_view code_of(Symptom symptom) {
  return text_of(symptom).code;
}

std::optional<Symptom> symptom_from_code(std::string_view code) {
  return symptom_at(std::ranges::find(texts, code, &Text::code));
}

std::string label_of(const FailureKind& kind) {
  std::string label(kind.detail.empty() ? text_of(kind.symptom).words : kind.detail);
  if (kind.symptom == Symptom::killed) label.insert(0, killed_by);
  if (kind.symptom == Symptom::saw) label.insert(0, saw_what);
  const bool adds = kind.outcome == Outcome::exception_guarantee_broken && !tells_of_throw(kind.symptom);
  return adds && !label.empty() ? label + std::string(after_throw) : label;
}

FailureKind kind_from_label(Outcome outcome, std::string_view label) {
  const auto known = [](std::string_view words) { return symptom_at(std::ranges::find(texts, words, &Text::words)); };
  if (const auto symptom = known(label)) return {outcome, *symptom, {}};
  if (outcome == Outcome::exception_guarantee_broken && label.ends_with(after_throw)) {
    label.remove_suffix(after_throw.size());
    if (const auto symptom = known(label)) return {outcome, *symptom, {}};
  }
  if (outcome == Outcome::crash && label.starts_with(killed_by)) {
    return {outcome, Symptom::killed, std::string(label.substr(killed_by.size()))};
  }
  if (outcome == Outcome::nondeterministic && label.starts_with(saw_what)) {
    return {outcome, Symptom::saw, std::string(label.substr(saw_what.size()))};
  }
  return {outcome, detailed(outcome), std::string(label)};
}

}  // namespace mapquake
