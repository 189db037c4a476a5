#include "harness/worker/publication.hpp"

#include "harness/base/rng.hpp"
#include "harness/runtime/map_place.hpp"
#include "harness/worker/defect_fingerprint.hpp"

#include <algorithm>

namespace mapquake {

namespace {

SlotWitness* next_witness(SlotHeader& header, const WitnessFacts& facts, std::uint32_t finding) {
  if (header.witness_count == std::size(header.witnesses)) return nullptr;
  SlotWitness& witness = header.witnesses[header.witness_count++];
  witness.facts = facts;
  witness.finding = finding;
  witness.stack_count = 0;
  return &witness;
}

/// Only the map's own code: the frames through which the harness called it are no news.
void write_stack(const runtime::Thread& thread, SlotWitness& witness) {
  const auto push = [&witness](std::uint64_t pc) {
    if (witness.stack_count < std::size(witness.stack) && runtime::is_map_code(pc))
      witness.stack[witness.stack_count++] = pc;
  };
  if (thread.state == runtime::State::blocked) push(thread.wait.pc);
  const runtime::LastStack last = runtime::last_stack();
  if (last.thread == thread.id) std::ranges::for_each(last.frames, push);
  if (last.thread == thread.id && last.whole) return;
  for (unsigned n = 0; thread.calls.caller(n) != 0; ++n) push(thread.calls.caller(n));
}

void write_witnesses(SlotHeader& header, const runtime::Finding& finding, std::uint32_t number) {
  for (const runtime::StackedWitness& witness : finding.witnesses) {
    SlotWitness* const written = next_witness(header, witness, number);
    if (written == nullptr) return;
    for (const std::uint64_t pc : witness.stack) {
      if (pc == 0) break;
      written->stack[written->stack_count++] = pc;
    }
  }
}

void write_races(SlotHeader& header) {
  header.race_count = 0;
  for (const runtime::Finding& race : runtime::races()) {
    if (header.race_count == std::size(header.races)) return;
    header.races[header.race_count++] = {race.symptom, race.facts};
    write_witnesses(header, race, header.race_count);
  }
}

}  // namespace

void publish(const Slot& slot, const MapRunner& runner, const Violation& violation) {
  SlotHeader& header = slot.header();
  const runtime::Totals totals = runtime::totals();
  header.outcome = violation.outcome;
  header.symptom = violation.symptom;
  header.otherwise = violation.otherwise;
  copy_text(header.detail, sizeof header.detail, violation.detail);
  copy_text(header.why, sizeof header.why, violation.why);
  header.involved_count = 0;
  for (const std::uint32_t call : violation.calls) {
    if (header.involved_count < std::size(header.involved)) header.involved[header.involved_count++] = call;
  }
  // An answer that differs is another execution, whatever the events were.
  header.trace_hash = mix64(totals.hash ^ static_cast<std::uint64_t>(violation.outcome));
  header.fingerprint = violation.outcome == Outcome::clean ? 0 : fingerprint_of(runner, violation);
  header.execution_steps = totals.steps;
  header.execution_switches = totals.switches;
  header.preemptions = totals.preemptions;
  header.faults = totals.faults;
  slot.write_history(runner.history());
  copy_text(header.dump, sizeof header.dump, runner.dump());
  header.witness_count = 0;
  header.facts = {};
  header.message[0] = 0;
  if (const runtime::Finding* const finding = runner.finding()) {
    for (const runtime::Thread* const thread : runtime::threads()) {
      SlotWitness* const written = next_witness(header, runtime::standing(*thread), 0);
      if (written != nullptr) write_stack(*thread, *written);
    }
    header.facts = finding->facts;
    copy_text(header.message, sizeof header.message, finding->message);
    write_witnesses(header, *finding, 0);
  }
  write_races(header);
}

}  // namespace mapquake
