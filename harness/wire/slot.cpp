#include "harness/wire/slot.hpp"

#include "harness/base/assert.hpp"
#include "harness/wire/packed_programs.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mapquake {

namespace {

constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + 4095) & ~std::size_t{4095};
}

constexpr std::size_t prefill_at = aligned(sizeof(SlotHeader));
constexpr std::size_t operations_at = prefill_at + aligned(program_prefill_max * sizeof(abi::Entry));
constexpr std::size_t input_at = operations_at + aligned(program_operations_max * sizeof(Operation));
constexpr std::size_t choices_at = input_at + aligned(Slot::choices_max * sizeof(Choice));
constexpr std::size_t trace_at = choices_at + aligned(Slot::choices_max * sizeof(Choice));
constexpr std::size_t calls_at = trace_at + aligned(Slot::trace_max * sizeof(TraceEvent));
constexpr std::size_t visits_at = calls_at + aligned(Slot::calls_max * sizeof(Call));
constexpr std::size_t usage_at = visits_at + aligned(Slot::visits_max * sizeof(Visit));
constexpr std::size_t kept_at = usage_at + aligned(sizeof(UsageRecord));
constexpr std::size_t total_bytes = kept_at + Slot::kept_bytes_max;

template <class T>
T* array_at(SlotHeader* header, std::size_t offset) {
  return reinterpret_cast<T*>(reinterpret_cast<std::uint8_t*>(header) + offset);
}

/// The pages stay in the anonymous file; they need not stay in the reader as well.
template <class T>
void forget(std::span<const T> read) {
  constexpr std::size_t worth_a_call = std::size_t{1} << 20;
  if (read.size_bytes() < worth_a_call) return;
  ::madvise(const_cast<T*>(read.data()), aligned(read.size_bytes()), MADV_DONTNEED);
}

std::vector<Reason> read_reasons(const SlotHeader& header) {
  std::vector<Reason> reasons;
  auto bytes = std::span(header.reasons).first(std::min<std::size_t>(header.reason_bytes, sizeof header.reasons));
  std::span<const std::uint8_t> rest = bytes;
  while (reasons.size() < reasons_max) {
    const auto reason = unpack_reason(rest, header.call_count);
    if (!reason) break;
    reasons.push_back(*reason);
  }
  return reasons;
}

}  // namespace

void write_reasons(SlotHeader& header, std::span<const Reason> reasons) {
  header.reason_bytes = 0;
  std::vector<std::uint8_t> bytes;
  for (const Reason& reason : reasons) {
    pack(reason, bytes);
    if (bytes.size() > sizeof header.reasons) break;
    header.reason_bytes = static_cast<std::uint32_t>(bytes.size());
  }
  std::copy_n(bytes.begin(), header.reason_bytes, header.reasons);
}

void copy_text(char* to, std::size_t size, std::string_view text) {
  const std::size_t length = std::min(size - 1, text.size());
  std::memcpy(to, text.data(), length);
  to[length] = 0;
}

Slot::Slot(int descriptor, void* base) : descriptor_(descriptor), header_(static_cast<SlotHeader*>(base)) {}

Slot::Slot(Slot&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), header_(std::exchange(other.header_, nullptr)) {}

Result<Slot> Slot::create() {
  const auto failed = [](const char* what) {
    return Error{
        ExitCode::input_output,
        fmt::format("cannot make the memory that a worker shares with mapquake: {}: {}", what, std::strerror(errno)),
        "look at `ulimit -f`, `ulimit -v`, `ulimit -n` and the memory that is free."};
  };
  const int descriptor = ::memfd_create("mapquake-slot", MFD_CLOEXEC);
  if (descriptor < 0) return failed("memfd_create");
  if (::ftruncate(descriptor, static_cast<off_t>(total_bytes)) != 0) {
    Error error = failed("ftruncate");
    ::close(descriptor);
    return error;
  }
  return attach(descriptor);
}

Slot Slot::attach(int descriptor) {
  void* const base = ::mmap(nullptr, total_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  MQ_ASSERT(base != MAP_FAILED);
  return {descriptor, base};
}

Slot::~Slot() {
  if (header_ == nullptr) return;
  ::munmap(header_, total_bytes);
  ::close(descriptor_);
}

void Slot::write_program(const Program& program) const {
  MQ_ASSERT(program.prefill.size() <= program_prefill_max && program.threads.size() <= program_threads_max &&
            program.operation_count() <= program_operations_max);
  SlotHeader& header = *header_;
  header.prefill_count = static_cast<std::uint32_t>(program.prefill.size());
  std::copy(program.prefill.begin(), program.prefill.end(), array_at<abi::Entry>(header_, prefill_at));
  header.thread_count = static_cast<std::uint32_t>(program.threads.size());
  auto* const operations = array_at<Operation>(header_, operations_at);
  std::uint32_t end = 0;
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    std::copy(program.threads[i].begin(), program.threads[i].end(), operations + end);
    end += static_cast<std::uint32_t>(program.threads[i].size());
    header.thread_end[i] = end;
  }
  header.hash = program.hash;
  header.construct_from_range = program.construct_from_range;
  header.capacity_hint = program.capacity_hint;
  header.capacity = program.capacity;
  header.races_passed = program.races_passed;
  header.memory_limit = program.memory_limit;
  header.program_steps_max = program.steps_max;
  MQ_ASSERT(program.budgets.size() <= budgets_max);
  header.budget_count = static_cast<std::uint32_t>(program.budgets.size());
  std::copy(program.budgets.begin(), program.budgets.end(), header.budgets);
}

Program Slot::read_program() const {
  const SlotHeader& header = *header_;
  Program program;
  const auto* const prefill = array_at<const abi::Entry>(header_, prefill_at);
  program.prefill.assign(prefill, prefill + header.prefill_count);
  const auto* const operations = array_at<const Operation>(header_, operations_at);
  std::uint32_t begin = 0;
  for (std::uint32_t i = 0; i < header.thread_count; ++i) {
    program.threads.emplace_back(operations + begin, operations + header.thread_end[i]);
    begin = header.thread_end[i];
  }
  program.hash = header.hash;
  program.construct_from_range = header.construct_from_range;
  program.capacity_hint = header.capacity_hint;
  program.capacity = header.capacity;
  program.races_passed = header.races_passed;
  program.memory_limit = header.memory_limit;
  program.steps_max = header.program_steps_max;
  program.budgets.assign(header.budgets, header.budgets + header.budget_count);
  return program;
}

void Slot::write_input_choices(std::span<const Choice> choices) const {
  MQ_ASSERT(choices.size() <= choices_max);
  std::copy(choices.begin(), choices.end(), array_at<Choice>(header_, input_at));
  header_->input_choice_count = static_cast<std::uint32_t>(choices.size());
}

std::span<const Choice> Slot::input_choices() const {
  return {array_at<const Choice>(header_, input_at), header_->input_choice_count};
}

std::span<Choice> Slot::choices() const {
  return {array_at<Choice>(header_, choices_at), choices_max};
}

std::span<TraceEvent> Slot::trace() const {
  return {array_at<TraceEvent>(header_, trace_at), trace_max};
}

void Slot::write_history(const History& history) const {
  SlotHeader& header = *header_;
  header.call_count = static_cast<std::uint32_t>(std::min<std::size_t>(history.calls.size(), calls_max));
  header.visit_count = static_cast<std::uint32_t>(std::min<std::size_t>(history.visits.size(), visits_max));
  header.quiescent_from = std::min(history.quiescent_from, header.call_count);
  header.live_bytes = history.live_bytes;
  std::copy_n(history.calls.begin(), header.call_count, array_at<Call>(header_, calls_at));
  std::copy_n(history.visits.begin(), header.visit_count, array_at<Visit>(header_, visits_at));
}

void Slot::write_look(std::size_t number, const MapState& state) const {
  SlotLook& look = header_->looks[number];
  look.at = state.at;
  look.sight = state.sight;
  look.by_look_ups = state.by_look_ups;
  look.has_size = state.size.has_value();
  look.outcome = state.outcome;
  look.beside = state.beside;
  look.standing = state.standing;
  look.object = state.object;
  look.size = state.size.value_or(0);
  const std::size_t kept = std::min(state.entries.size(), entries_seen_max);
  look.entry_count = state.entries.size() + state.more;
  std::copy_n(state.entries.begin(), kept, look.entries);
  copy_text(look.inside, sizeof look.inside, state.inside);
}

std::vector<MapState> Slot::read_looks() const {
  std::vector<MapState> states;
  for (const SlotLook& look : std::span(header_->looks, std::min<std::size_t>(header_->look_count, looks_max))) {
    MapState state{.at = look.at,
                   .sight = look.sight,
                   .by_look_ups = look.by_look_ups,
                   .inside = {look.inside, ::strnlen(look.inside, sizeof look.inside)},
                   .standing = look.standing,
                   .object = look.object,
                   .beside = look.beside,
                   .outcome = look.outcome};
    const auto kept = std::min<std::uint64_t>(look.entry_count, entries_seen_max);
    state.entries.assign(look.entries, look.entries + kept);
    state.more = look.entry_count - kept;
    if (look.has_size) state.size = look.size;
    states.push_back(std::move(state));
  }
  return states;
}

void Slot::give_kept_programs(std::span<const Program> kept, std::span<const Program> inherited) const {
  header_->kept_bytes = 0;
  for (const Program& program : inherited) keep_program(program);
  header_->kept_bytes_inherited = header_->kept_bytes;
  for (const Program& program : kept) keep_program(program);
  header_->kept_bytes_given = header_->kept_bytes;
}

bool Slot::keep_program(const Program& program) const {
  std::vector<std::uint8_t> bytes;
  pack(program, bytes);
  const std::uint32_t at = header_->kept_bytes;
  if (at > kept_bytes_max || kept_bytes_max - at < bytes.size()) return false;
  std::ranges::copy(bytes, array_at<std::uint8_t>(header_, kept_at) + at);
  header_->kept_bytes = at + static_cast<std::uint32_t>(bytes.size());
  return true;
}

std::vector<Program> Slot::programs_between(std::uint32_t from, std::uint32_t to) const {
  std::vector<Program> programs;
  if (from > to || to > kept_bytes_max) return programs;
  std::span<const std::uint8_t> bytes(array_at<const std::uint8_t>(header_, kept_at) + from, to - from);
  while (auto program = unpack(bytes)) programs.push_back(std::move(*program));
  return programs;
}

std::vector<Program> Slot::inherited_programs() const {
  return programs_between(0, header_->kept_bytes_inherited);
}

std::vector<Program> Slot::kept_programs() const {
  return programs_between(header_->kept_bytes_inherited, header_->kept_bytes);
}

std::vector<Program> Slot::kept_since() const {
  return programs_between(header_->kept_bytes_given, header_->kept_bytes);
}

UsageRecord& Slot::usage() const {
  return *array_at<UsageRecord>(header_, usage_at);
}

Execution Slot::read_execution() const {
  const SlotHeader& header = *header_;
  Execution execution;
  execution.violation.outcome = header.outcome;
  execution.violation.label = header.label;
  execution.violation.reasons = read_reasons(header);
  execution.violation.calls.assign(header.involved, header.involved + header.involved_count);
  const auto* const calls = array_at<const Call>(header_, calls_at);
  const auto* const visits = array_at<const Visit>(header_, visits_at);
  execution.history.calls.assign(calls, calls + header.call_count);
  execution.history.visits.assign(visits, visits + header.visit_count);
  execution.history.quiescent_from = header.quiescent_from;
  execution.history.live_bytes = header.live_bytes;
  const auto made = choices().first(std::min(header.choice_count.load(), choices_max));
  execution.choices.assign(made.begin(), made.end());
  std::sort(execution.choices.begin(), execution.choices.end());
  execution.trace_hash = header.trace_hash;
  execution.fingerprint = header.fingerprint;
  execution.steps = header.execution_steps;
  execution.switches = header.execution_switches;
  execution.preemptions = header.preemptions;
  execution.faults = header.faults;
  execution.races_met = header.races_met;
  const auto events = trace().first(std::min(header.trace_count.load(), trace_max));
  execution.trace.events.assign(events.begin(), events.end());
  execution.trace.truncated = events.size() == trace_max;
  for (std::uint32_t i = 0; i < header.thread_state_count; ++i) {
    const SlotThread& state = header.thread_states[i];
    execution.threads.push_back(
        {state.thread, state.op, state.event, state.standing, {state.stack, state.stack + state.stack_count}});
  }
  execution.touched = header.touched;
  execution.uncontrolled.assign(header.uncontrolled, header.uncontrolled + header.uncontrolled_count);
  execution.dump = header.dump;
  forget(std::span<const Choice>(made));
  forget(std::span<const TraceEvent>(events));
  forget(std::span(calls, header.call_count));
  forget(std::span(visits, header.visit_count));
  return execution;
}

}  // namespace mapquake
