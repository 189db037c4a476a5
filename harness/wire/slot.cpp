#include "harness/wire/slot.hpp"

#include "harness/base/assert.hpp"
#include "harness/wire/encode_parts.hpp"

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

constexpr std::size_t small_parts_bytes = std::size_t{1} << 20;
constexpr std::size_t program_bytes =
    small_parts_bytes + program_prefill_max * sizeof(abi::Entry) + program_operations_max * sizeof(Operation);
constexpr std::size_t request_bytes_max = program_bytes + Slot::choices_max * sizeof(Choice);
constexpr std::size_t answer_bytes_max =
    small_parts_bytes + calls_crossing_max * sizeof(Call) + visits_crossing_max * sizeof(Visit);

constexpr std::size_t request_at = aligned(sizeof(Live));
constexpr std::size_t program_at = request_at + aligned(request_bytes_max);
constexpr std::size_t choices_at = program_at + aligned(program_bytes);
constexpr std::size_t trace_at = choices_at + aligned(Slot::choices_max * sizeof(Choice));
constexpr std::size_t answer_at = trace_at + aligned(Slot::trace_max * sizeof(TraceEvent));
constexpr std::size_t usage_at = answer_at + aligned(answer_bytes_max);
constexpr std::size_t kept_at = usage_at + aligned(sizeof(UsageRecord));
constexpr std::size_t total_bytes = kept_at + Slot::kept_bytes_max;

template <class T>
T* array_at(Live* live, std::size_t offset) {
  return reinterpret_cast<T*>(reinterpret_cast<std::uint8_t*>(live) + offset);
}

std::span<std::uint8_t> part(Live* live, std::size_t offset, std::size_t bytes) {
  return {array_at<std::uint8_t>(live, offset), bytes};
}

/// The pages stay in the anonymous file; they need not stay in the reader as well.
template <class T>
void forget(std::span<const T> read) {
  constexpr std::size_t worth_a_call = std::size_t{1} << 20;
  if (read.size_bytes() < worth_a_call) return;
  ::madvise(const_cast<T*>(read.data()), aligned(read.size_bytes()), MADV_DONTNEED);
}

}  // namespace

Slot::Slot(int descriptor, void* base) : descriptor_(descriptor), live_(static_cast<Live*>(base)) {}

Slot::Slot(Slot&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), live_(std::exchange(other.live_, nullptr)) {}

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
  if (live_ == nullptr) return;
  ::munmap(live_, total_bytes);
  ::close(descriptor_);
}

void Slot::ask(const Request& request) const {
  ByteWriter bytes(part(live_, request_at, request_bytes_max));
  encode(request, bytes);
  MQ_ASSERT(bytes.fits());
  live_->request_bytes = bytes.size();
  live_->answer_bytes = 0;
  live_->choice_count = live_->trace_count = 0;
}

std::optional<Request> Slot::request() const {
  const std::size_t written = std::min<std::size_t>(live_->request_bytes, request_bytes_max);
  return decode_request(ByteReader(part(live_, request_at, written)));
}

void Slot::answer(const Answer& answer) const {
  ByteWriter bytes(part(live_, answer_at, answer_bytes_max));
  live_->answer_bytes = 0;
  encode(answer, bytes);
  MQ_ASSERT(bytes.fits());
  live_->answer_bytes = bytes.size();
}

std::optional<Answer> Slot::read_answer() const {
  const std::size_t written = std::min<std::size_t>(live_->answer_bytes, answer_bytes_max);
  const std::span<const std::uint8_t> bytes = part(live_, answer_at, written);
  std::optional<Answer> answer = decode_answer(ByteReader(bytes));
  forget(bytes);
  return answer;
}

void Slot::begin_exploration(const ExploreRequest& request) const {
  Exploration& exploration = live_->exploration;
  exploration = {};
  MQ_ASSERT(request.covered.size() <= coverage_words && request.known.size() <= known_defects_max);
  std::ranges::copy(request.covered, exploration.coverage);
  give_kept_programs(request.kept, request.inherited);
  if (request.plan.usage) usage().clear();
}

void Slot::write_running_program(const Program& program) const {
  ByteWriter bytes(part(live_, program_at, program_bytes));
  encode(program, bytes);
  MQ_ASSERT(bytes.fits());
}

std::optional<Program> Slot::running_program() const {
  return decode_program(ByteReader(part(live_, program_at, program_bytes)));
}

std::span<Choice> Slot::choices() const {
  return {array_at<Choice>(live_, choices_at), choices_max};
}

std::span<TraceEvent> Slot::trace() const {
  return {array_at<TraceEvent>(live_, trace_at), trace_max};
}

void Slot::add_recorded(Execution& execution) const {
  const std::span<const Choice> made = choices().first(std::min(live_->choice_count.load(), choices_max));
  execution.choices.assign(made.begin(), made.end());
  std::sort(execution.choices.begin(), execution.choices.end());
  const std::span<const TraceEvent> events = trace().first(std::min(live_->trace_count.load(), trace_max));
  execution.trace.events.assign(events.begin(), events.end());
  execution.trace.truncated = events.size() == trace_max;
  forget(made);
  forget(events);
}

void Slot::give_kept_programs(std::span<const Program> kept, std::span<const Program> inherited) const {
  live_->kept_bytes = 0;
  for (const Program& program : inherited) keep_program(program);
  live_->kept_bytes_inherited = live_->kept_bytes;
  for (const Program& program : kept) keep_program(program);
  live_->kept_bytes_given = live_->kept_bytes;
}

bool Slot::keep_program(const Program& program) const {
  const std::uint32_t at = live_->kept_bytes;
  if (at > kept_bytes_max) return false;
  // What it must stay within is said anew to each that runs.
  Program kept = program;
  kept.races_passed = 0;
  kept.memory_limit = memory_limit_default;
  kept.steps_max = steps_max_default;
  kept.budgets.clear();
  ByteWriter bytes(part(live_, kept_at + at, kept_bytes_max - at));
  encode(kept, bytes);
  if (!bytes.fits()) return false;
  live_->kept_bytes = at + static_cast<std::uint32_t>(bytes.size());
  return true;
}

std::vector<Program> Slot::programs_between(std::uint32_t from, std::uint32_t to) const {
  std::vector<Program> programs;
  if (from > to || to > kept_bytes_max) return programs;
  ByteReader bytes(part(live_, kept_at + from, to - from));
  while (!bytes.rest().empty()) {
    Program program = wire::take_program(bytes);
    if (!bytes.is_whole()) break;
    programs.push_back(std::move(program));
  }
  return programs;
}

std::vector<Program> Slot::inherited_programs() const {
  return programs_between(0, live_->kept_bytes_inherited);
}

std::vector<Program> Slot::kept_programs() const {
  return programs_between(live_->kept_bytes_inherited, live_->kept_bytes);
}

std::vector<Program> Slot::kept_since() const {
  return programs_between(live_->kept_bytes_given, live_->kept_bytes);
}

UsageRecord& Slot::usage() const {
  return *array_at<UsageRecord>(live_, usage_at);
}

}  // namespace mapquake
