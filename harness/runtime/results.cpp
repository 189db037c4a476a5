// What the last execution came to, for whoever asks after run().
#include "harness/runtime/state.hpp"

namespace mapquake::runtime {

namespace {

template <std::size_t size>
void copy_text(char (&to)[size], std::string_view text) {
  to[text.copy(to, size - 1)] = 0;
}

/// Labels are identity and are printed: what is too long ends with a word and dots.
std::string fitting(std::string label) {
  constexpr std::size_t bytes_max = sizeof(Abandoned::label) - 1;
  constexpr std::string_view dots = "...";
  if (label.size() <= bytes_max) return label;
  const std::size_t space = label.rfind(' ', bytes_max - dots.size());
  label.resize(space == std::string::npos ? bytes_max - dots.size() : space);
  return label.append(dots);
}

}  // namespace

void Abandoned::tell(Outcome how, Symptom symptom, const EndReason& what, std::string_view operand) {
  outcome = how;
  copy_text(label, fitting(has_operand(symptom) ? label_of(symptom, operand) : std::string(name_of(symptom))));
  reason = what;
}

const Abandoned& late_finding() {
  return rt.late;
}

std::span<const Witness> witnesses() {
  return rt.witnesses;
}

RacePlaces race_found() {
  return rt.race;
}

const std::optional<reason::RaceBefore>& race_passed_first() {
  return rt.race_passed_first;
}

TouchedMemory touched_memory() {
  return rt.touched;
}

Totals totals() {
  return {.steps = rt.steps,
          .hash = rt.hash,
          .switches = rt.switches,
          .preemptions = rt.preemptions,
          .faults = rt.faults,
          .exceptions = rt.exceptions,
          .declared = rt.declared,
          .ended_early = rt.ended_early,
          .threads = rt.count,
          .races_passed = static_cast<std::uint32_t>(rt.races_passed.size()),
          .asked = rt.asked};
}

std::span<const Thread* const> threads() {
  return {rt.listed.data(), rt.count};
}

LastStack last_stack() {
  const Abandoned& end = rt.abandoned;
  return {rt.current->id, std::span(end.stack).first(end.stack_count), end.stack_is_whole};
}

}  // namespace mapquake::runtime
