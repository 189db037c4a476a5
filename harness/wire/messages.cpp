#include "harness/wire/messages.hpp"

#include "harness/wire/encode_parts.hpp"

#include <utility>

namespace mapquake {
namespace wire {
namespace {

// Each type of message once to write it and once to read it, member by member and in the same order.

void put(const ExecuteTask& task, ByteWriter& bytes) {
  put_case(task.input, bytes);
  bytes.put(task.trace);
  bytes.put(task.attempt);
}

void take(ExecuteTask& task, ByteReader& bytes) {
  task.input = take_case(bytes);
  task.trace = bytes.take<bool>();
  task.attempt = bytes.take<bool>();
}

void put(const SearchRequest& task, ByteWriter& bytes) {
  bytes.put(task.kind);
  encode(task.program, bytes);
  bytes.put(task.seed);
  bytes.put(task.depth);
  bytes.put(task.executions_max);
  bytes.put(task.seconds_max);
  bytes.put(task.of_attempts);
  bytes.put(task.outcome);
  bytes.put_text(task.label);
  bytes.put(task.race);
  bytes.put(task.fault_mask);
  bytes.put_all(task.pinned);
  bytes.put(task.moved);
}

void take(SearchRequest& task, ByteReader& bytes) {
  task.kind = bytes.take<SearchKind>();
  task.program = take_program(bytes);
  task.seed = bytes.take<std::uint64_t>();
  task.depth = bytes.take<std::uint32_t>();
  task.executions_max = bytes.take<std::uint64_t>();
  task.seconds_max = bytes.take<double>();
  task.of_attempts = bytes.take<bool>();
  task.outcome = bytes.take<Outcome>();
  task.label = bytes.take_text();
  task.race = bytes.take<std::uint64_t>();
  task.fault_mask = bytes.take<std::uint32_t>();
  task.pinned = bytes.take_all<Choice>();
  task.moved = bytes.take<Choice>();
}

void put(const ExploreRequest& task, ByteWriter& bytes) {
  bytes.put_text(task.scenario);
  bytes.put(task.program.has_value());
  if (task.program) encode(*task.program, bytes);
  bytes.put(task.plan);
  bytes.put(task.seed);
  bytes.put(task.first_program);
  bytes.put(task.first_schedule);
  bytes.put(task.stepped_over);
  bytes.put(task.dead_ends);
  bytes.put(task.breeds);
  bytes.put_all(task.known);
  bytes.put(task.tables);
  bytes.put(task.executions_max);
  bytes.put(task.seconds_max);
}

void take(ExploreRequest& task, ByteReader& bytes) {
  task.scenario = bytes.take_text();
  if (bytes.take<bool>()) task.program = take_program(bytes);
  task.plan = bytes.take<Plan>();
  task.seed = bytes.take<std::uint64_t>();
  task.first_program = bytes.take<std::uint64_t>();
  task.first_schedule = bytes.take<std::uint32_t>();
  task.stepped_over = bytes.take<SteppedOver>();
  task.dead_ends = bytes.take<DeadEnds>();
  task.breeds = bytes.take<bool>();
  task.known = bytes.take_all<std::uint64_t>();
  if (task.known.size() > known_defects_max) bytes.refuse();
  task.tables = bytes.take<TableBlocks>();
  task.executions_max = bytes.take<std::uint64_t>();
  task.seconds_max = bytes.take<double>();
}

void put(const LookTask& task, ByteWriter& bytes) {
  put_case(task.input, bytes);
  bytes.put_all(task.moments);
  bytes.put(task.seconds_max);
}

void take(LookTask& task, ByteReader& bytes) {
  task.input = take_case(bytes);
  task.moments = bytes.take_all<std::uint64_t>();
  if (task.moments.size() > looks_max) bytes.refuse();
  task.seconds_max = bytes.take<double>();
}

void put(const DebugTask& task, ByteWriter& bytes) {
  put_case(task.input, bytes);
  bytes.put(task.outcome);
}

void take(DebugTask& task, ByteReader& bytes) {
  task.input = take_case(bytes);
  task.outcome = bytes.take<Outcome>();
}

void put(const Execution& answer, ByteWriter& bytes) {
  put_execution(answer, bytes);
}

void take(Execution& answer, ByteReader& bytes) {
  answer = take_execution(bytes);
}

void put(const SearchResult& answer, ByteWriter& bytes) {
  bytes.put(answer.found);
  bytes.put(answer.exhausted);
  bytes.put(answer.executions);
  bytes.put(answer.redundant);
  bytes.put(answer.gaps);
  bytes.put(answer.loops_wait);
  put_execution(answer.execution, bytes);
}

void take(SearchResult& answer, ByteReader& bytes) {
  answer.found = bytes.take<bool>();
  answer.exhausted = bytes.take<bool>();
  answer.executions = bytes.take<std::uint64_t>();
  answer.redundant = bytes.take<std::uint64_t>();
  answer.gaps = bytes.take<std::uint32_t>();
  answer.loops_wait = bytes.take<bool>();
  answer.execution = take_execution(bytes);
}

void put(const ExploreAnswer& answer, ByteWriter& bytes) {
  bytes.put(answer.found);
  bytes.put(answer.beyond_claims);
  put_execution(answer.execution, bytes);
}

void take(ExploreAnswer& answer, ByteReader& bytes) {
  answer.found = bytes.take<bool>();
  answer.beyond_claims = bytes.take<bool>();
  answer.execution = take_execution(bytes);
}

void put(const LookAnswer& answer, ByteWriter& bytes) {
  bytes.put(static_cast<std::uint64_t>(answer.states.size()));
  for (const MapState& state : answer.states) put_map_state(state, bytes);
  bytes.put(answer.seconds_left);
}

void take(LookAnswer& answer, ByteReader& bytes) {
  const auto states = bytes.take<std::uint64_t>();
  if (states > looks_max) bytes.refuse();
  for (std::uint64_t i = 0; i < states && bytes.is_whole(); ++i) answer.states.push_back(take_map_state(bytes));
  answer.seconds_left = bytes.take<double>();
}

/// Which of them it is, then that one.
template <class... Kinds>
void put_one_of(const std::variant<Kinds...>& one, ByteWriter& bytes) {
  bytes.put(static_cast<std::uint8_t>(one.index()));
  std::visit([&](const auto& kind) { put(kind, bytes); }, one);
}

template <class... Kinds>
void take_one_of(std::variant<Kinds...>& one, ByteReader& bytes) {
  const auto index = bytes.take<std::uint8_t>();
  if (index >= sizeof...(Kinds)) return bytes.refuse();
  [&]<std::size_t... numbers>(std::index_sequence<numbers...>) {
    ((index == numbers ? take(one.template emplace<numbers>(), bytes) : void()), ...);
  }
  (std::index_sequence_for<Kinds...>());
}

}  // namespace
}  // namespace wire

void encode(const Request& request, ByteWriter& bytes) {
  wire::put_one_of(request.task, bytes);
  bytes.put(request.terms);
}

std::optional<Request> decode_request(ByteReader bytes) {
  Request request;
  wire::take_one_of(request.task, bytes);
  request.terms = bytes.take<Terms>();
  return bytes.is_whole() ? std::optional(std::move(request)) : std::nullopt;
}

void encode(const Answer& answer, ByteWriter& bytes) {
  wire::put_one_of(answer, bytes);
}

std::optional<Answer> decode_answer(ByteReader bytes) {
  Answer answer;
  wire::take_one_of(answer, bytes);
  return bytes.is_whole() ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace mapquake
