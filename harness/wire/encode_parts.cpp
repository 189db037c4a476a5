#include "harness/wire/encode_parts.hpp"

#include "harness/wire/packed_reasons.hpp"

#include <algorithm>

namespace mapquake {

void encode(const Program& program, ByteWriter& bytes) {
  bytes.put_all(program.prefill);
  bytes.put(static_cast<std::uint64_t>(program.threads.size()));
  for (const auto& operations : program.threads) bytes.put_all(operations);
  bytes.put(program.hash);
  bytes.put(program.construct_from_range);
  bytes.put(program.capacity_hint);
  bytes.put(program.capacity);
  bytes.put(program.races_passed);
  bytes.put(program.memory_limit);
  bytes.put(program.steps_max);
  bytes.put_all(program.budgets);
}

std::optional<Program> decode_program(ByteReader bytes) {
  Program program = wire::take_program(bytes);
  return bytes.is_whole() ? std::optional(std::move(program)) : std::nullopt;
}

namespace wire {
namespace {

template <class T>
std::span<const T> at_most(const std::vector<T>& values, std::size_t count) {
  return std::span(values).first(std::min(values.size(), count));
}

void put_reasons(std::span<const Reason> reasons, ByteWriter& bytes) {
  std::vector<std::uint8_t> packed;
  std::size_t kept = 0;
  for (const Reason& reason : reasons) {
    pack(reason, packed);
    if (packed.size() > packed_reasons_bytes_max) break;
    kept = packed.size();
  }
  bytes.put_all(std::span<const std::uint8_t>(packed).first(kept));
}

std::vector<Reason> take_reasons(ByteReader& bytes, std::uint32_t call_count) {
  const std::vector<std::uint8_t> packed = bytes.take_all<std::uint8_t>();
  std::span<const std::uint8_t> rest = packed;
  std::vector<Reason> reasons;
  while (reasons.size() < reasons_max) {
    const auto reason = unpack_reason(rest, call_count);
    if (!reason) break;
    reasons.push_back(*reason);
  }
  return reasons;
}

void put_witness(const Witness& witness, ByteWriter& bytes) {
  bytes.put(witness.thread);
  bytes.put(witness.op);
  bytes.put(witness.event);
  bytes.put(witness.standing);
  bytes.put_all(at_most(witness.stack, frames_crossing_max));
}

Witness take_witness(ByteReader& bytes) {
  Witness witness;
  witness.thread = bytes.take<ThreadId>();
  witness.op = bytes.take<OpIndex>();
  witness.event = bytes.take<std::uint32_t>();
  witness.standing = bytes.take<Standing>();
  witness.stack = bytes.take_all<std::uint64_t>();
  return witness;
}

void put_history(const History& history, ByteWriter& bytes) {
  const auto calls = at_most(history.calls, calls_crossing_max);
  bytes.put_all(calls);
  bytes.put_all(at_most(history.visits, visits_crossing_max));
  bytes.put(std::min<std::uint32_t>(history.quiescent_from, static_cast<std::uint32_t>(calls.size())));
  bytes.put(history.live_bytes);
}

History take_history(ByteReader& bytes) {
  History history;
  history.calls = bytes.take_all<Call>();
  history.visits = bytes.take_all<Visit>();
  history.quiescent_from = bytes.take<std::uint32_t>();
  history.live_bytes = bytes.take<std::uint64_t>();
  const auto has_its_visits = [&](const Call& call) {
    return call.visits_begin <= call.visits_end && call.visits_end <= history.visits.size();
  };
  if (!std::ranges::all_of(history.calls, has_its_visits)) bytes.refuse();
  return history;
}

}  // namespace

Program take_program(ByteReader& bytes) {
  Program program;
  program.prefill = bytes.take_all<abi::Entry>();
  const auto threads = bytes.take<std::uint64_t>();
  if (threads > program_threads_max) bytes.refuse();
  for (std::uint64_t i = 0; i < threads && bytes.is_whole(); ++i) {
    program.threads.push_back(bytes.take_all<Operation>());
  }
  program.hash = bytes.take<abi::HashMode>();
  program.construct_from_range = bytes.take<bool>();
  program.capacity_hint = bytes.take<std::uint64_t>();
  program.capacity = bytes.take<std::uint64_t>();
  program.races_passed = bytes.take<std::uint32_t>();
  program.memory_limit = bytes.take<std::uint64_t>();
  program.steps_max = bytes.take<std::uint64_t>();
  program.budgets = bytes.take_all<Budget>();
  return program;
}

void put_case(const Case& input, ByteWriter& bytes) {
  encode(input.program, bytes);
  bytes.put_all(input.choices);
}

Case take_case(ByteReader& bytes) {
  Case input;
  input.program = take_program(bytes);
  input.choices = bytes.take_all<Choice>();
  return input;
}

void put_execution(const Execution& execution, ByteWriter& bytes) {
  put_history(execution.history, bytes);
  bytes.put(execution.violation.outcome);
  bytes.put_text(execution.violation.label);
  put_reasons(execution.violation.reasons, bytes);
  bytes.put_all(at_most(execution.violation.calls, involved_crossing_max));
  bytes.put(execution.trace_hash);
  bytes.put(execution.fingerprint);
  bytes.put(execution.steps);
  bytes.put(execution.switches);
  bytes.put(execution.preemptions);
  bytes.put(execution.faults);
  bytes.put(execution.races_met);
  const auto threads = at_most(execution.threads, witnesses_crossing_max);
  bytes.put(static_cast<std::uint64_t>(threads.size()));
  for (const Witness& witness : threads) put_witness(witness, bytes);
  bytes.put(execution.touched);
  bytes.put_all(execution.uncontrolled);
  bytes.put_text(std::string_view(execution.dump).substr(0, dump_bytes_crossing_max));
}

Execution take_execution(ByteReader& bytes) {
  Execution execution;
  execution.history = take_history(bytes);
  const auto calls = static_cast<std::uint32_t>(execution.history.calls.size());
  execution.violation.outcome = bytes.take<Outcome>();
  execution.violation.label = bytes.take_text();
  execution.violation.reasons = take_reasons(bytes, calls);
  execution.violation.calls = bytes.take_all<std::uint32_t>();
  if (std::ranges::any_of(execution.violation.calls, [&](std::uint32_t call) { return call >= calls; })) bytes.refuse();
  execution.trace_hash = bytes.take<std::uint64_t>();
  execution.fingerprint = bytes.take<std::uint64_t>();
  execution.steps = bytes.take<std::uint64_t>();
  execution.switches = bytes.take<std::uint32_t>();
  execution.preemptions = bytes.take<std::uint32_t>();
  execution.faults = bytes.take<std::uint32_t>();
  execution.races_met = bytes.take<std::uint32_t>();
  const auto threads = bytes.take<std::uint64_t>();
  if (threads > witnesses_crossing_max) bytes.refuse();
  for (std::uint64_t i = 0; i < threads && bytes.is_whole(); ++i) execution.threads.push_back(take_witness(bytes));
  execution.touched = bytes.take<TouchedMemory>();
  execution.uncontrolled = bytes.take_all<Uncontrolled>();
  execution.dump = bytes.take_text();
  return execution;
}

void put_map_state(const MapState& state, ByteWriter& bytes) {
  const std::size_t kept = std::min(state.entries.size(), entries_seen_max);
  bytes.put(state.at);
  bytes.put(state.sight);
  bytes.put(state.by_look_ups);
  bytes.put(static_cast<std::uint64_t>(kept));
  for (const auto& [key, value] : at_most(state.entries, kept)) {
    bytes.put(key);
    bytes.put(value);
  }
  bytes.put_all(at_most(state.not_found, entries_seen_max));
  bytes.put(state.more + (state.entries.size() - kept));
  bytes.put(state.size.has_value());
  bytes.put(state.size.value_or(0));
  bytes.put_text(std::string_view(state.inside).substr(0, inside_bytes_crossing_max));
  bytes.put(state.standing);
  bytes.put(state.object);
  bytes.put(state.beside);
  bytes.put(state.outcome);
}

MapState take_map_state(ByteReader& bytes) {
  MapState state;
  state.at = bytes.take<std::uint64_t>();
  state.sight = bytes.take<Sight>();
  state.by_look_ups = bytes.take<bool>();
  const auto entries = bytes.take<std::uint64_t>();
  if (entries > entries_seen_max) bytes.refuse();
  for (std::uint64_t i = 0; i < entries && bytes.is_whole(); ++i) {
    const auto key = bytes.take<std::int64_t>();
    state.entries.emplace_back(key, bytes.take<std::int64_t>());
  }
  state.not_found = bytes.take_all<std::int64_t>();
  state.more = bytes.take<std::uint64_t>();
  const bool has_size = bytes.take<bool>();
  const auto size = bytes.take<std::uint64_t>();
  if (has_size) state.size = size;
  state.inside = bytes.take_text();
  state.standing = bytes.take<Standing>();
  state.object = bytes.take<std::uint64_t>();
  state.beside = bytes.take<ThreadId>();
  state.outcome = bytes.take<Outcome>();
  return state;
}

}  // namespace wire
}  // namespace mapquake
