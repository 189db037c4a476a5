#include "harness/worker/map_runner.hpp"
#include "harness/worker/defect_fingerprint.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/demangle.hpp"
#include "harness/history/doer.hpp"
#include "harness/memory/arena.hpp"
#include "harness/oracle/budgets.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/worker/map_host.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace mapquake {

namespace {

using runtime::HarnessScope;
using runtime::MapScope;

/// "std::out_of_range: map::at"
std::string thrown_by(const abi::Response& response) {
  std::string text = response.exception_type == nullptr ? "an exception" : demangled(response.exception_type);
  if (response.message[0] != 0) text += ": " + std::string(response.message);
  return text;
}

/// What returning from main() does: the program is over, whatever its other threads are at.
void end_with_status(std::int64_t status) {
  runtime::end_in_order(static_cast<int>(status));
  runtime::abandon(Outcome::exit, Symptom::exit, reason::ProgramReturned{status});
}

std::optional<Violation> violation_of(const runtime::Abandoned& end) {
  if (end.outcome == Outcome::clean) return std::nullopt;
  return Violation{.outcome = end.outcome, .label = end.label, .reasons = {end.reason}, .calls = {}};
}

/// A race within what the map claims ends the execution. Where a program asks for more than is claimed, races are
/// certain, and what they lead to says more.
runtime::RaceMode race_mode(const Claims& claims, const Program& program) {
  if (claims.concurrent_use != ConcurrentUse::all_operations) return runtime::RaceMode::note;
  for (const auto& operations : program.threads) {
    for (const Operation& operation : operations) {
      if ((claims.exclusive_operations & op_bit(operation.kind)) != 0) return runtime::RaceMode::note;
    }
  }
  return runtime::RaceMode::end_execution;
}

}  // namespace

struct RunnerEntry {
  static void main_thread(void* runner) { static_cast<MapRunner*>(runner)->main_thread_body(); }
  static void program_thread(ThreadId thread, void* runner) {
    static_cast<MapRunner*>(runner)->program_thread_body(thread);
  }
  static Doer doer_of(ThreadId thread, OpIndex op, void* runner) {
    return mapquake::doer_of(static_cast<const MapRunner*>(runner)->history(), thread, op);
  }
  static bool race_is_known(std::string_view label, std::uint64_t one, std::uint64_t other, void* context) {
    MapRunner& runner = *static_cast<MapRunner*>(context);
    const auto at = std::ranges::find(runner.known_, fingerprint_of_race(label, {one, other}));
    if (at == runner.known_.end()) return false;
    ++runner.known_hits_[static_cast<std::size_t>(at - runner.known_.begin())];
    return true;
  }
  static void visit(void* context, std::int64_t key, std::int64_t value, bool erased) {
    const HarnessScope scope;
    static_cast<std::vector<Visit>*>(context)->push_back({key, value, erased});
  }
};

namespace {

/// Tells the parent that no step is made because the harness is at work, which takes as long as it takes.
class Judging {
 public:
  explicit Judging(std::atomic<std::uint32_t>* told) : told_(told) { tell(1); }
  ~Judging() { tell(0); }
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

 private:
  void tell(std::uint32_t value) {
    if (told_ != nullptr) told_->store(value, std::memory_order_relaxed);
  }
  std::atomic<std::uint32_t>* const told_;
};

}  // namespace

MapRunner::MapRunner(const abi::Plugin& plugin, const abi::Map& map) : map_(map), host_(*plugin.host) {}

/// A stalled thread is a fault only where the map claims to do without the others' help.
runtime::FaultPlan MapRunner::kept_to_claims(runtime::FaultPlan faults) const {
  if (map_.claims.progress == Progress::blocking) faults.enabled &= ~fault_bit(ChoiceKind::crash);
  faults.stalls_hold_nobody_up = map_.claims.progress != Progress::blocking;
  return faults;
}

runtime::Setup MapRunner::prepare(const Program& program, Strategy& strategy, std::uint64_t seed,
                                  const runtime::Recording& recording, const runtime::FaultPlan& faults) {
  program_ = &program;
  history_.clear();
  dump_.clear();
  clock_ = 0;
  main_op_ = 0;
  object_ = nullptr;
  exceptions_seen_ = false;
  for (std::size_t i = 0; i <= program.threads.size(); ++i) visits_[i].clear();
  cursors_.fill(nullptr);
  memory::arena().set_limit(program.memory_limit);
  keys_ = keys_of(*program_, std::move(keys_));
  strategy.begin(seed, static_cast<unsigned>(program.threads.size()) + 1);
  return {.strategy = &strategy,
          .recording = recording,
          .steps_max = program.steps_max + steps_per_operation * (program.operation_count() + program.prefill.size()),
          .races = race_mode(map_.claims, program),
          .races_passed = program.races_passed,
          .race_is_known = known_.empty() ? nullptr : RunnerEntry::race_is_known,
          .fresh_contents = fresh_contents_,
          .known_loops = known_loops_,
          .faults = kept_to_claims(faults),
          .program_threads = static_cast<std::uint32_t>(program.threads.size()),
          .may_exit = is_program(map_.operations),
          .main_body = RunnerEntry::main_thread,
          .doer_of = RunnerEntry::doer_of,
          .context = this};
}

const Violation& MapRunner::run(const Program& program, Strategy& strategy, std::uint64_t seed,
                                const runtime::Recording& recording, const runtime::FaultPlan& faults) {
  const runtime::Setup setup = prepare(program, strategy, seed, recording, faults);
  if (auto given_up = violation_of(runtime::run(setup))) {
    violation_ = std::move(*given_up);
    name_race_before();
    history_.quiescent_from = std::min<std::uint32_t>(history_.quiescent_from, history_.calls.size());
    return violation_;
  }
  const Judging judging(recording.judging);
  std::optional<Violation> found = unexplained_exception();
  if (!found && !is_program(map_.operations)) found = judge(program);
  if (!found) found = check_budgets(history_, program.budgets);
  if (!found) found = violation_of(runtime::late_finding());
  violation_ = found ? std::move(*found) : Violation{};
  name_race_before();
  return violation_;
}

/// What a race led to is told together with it.
void MapRunner::name_race_before() {
  if (violation_.outcome == Outcome::clean || violation_.outcome == Outcome::data_race) return;
  if (const auto& race = runtime::race_passed_first()) violation_.reasons.emplace_back(*race);
}

bool MapRunner::only_notes_races(const Program& program) const {
  return race_mode(map_.claims, program) == runtime::RaceMode::note;
}

void MapRunner::main_thread_body() {
  // Part of the plugin's data, which has just been put back to what it was after loading.
  host_ = lent_host(program_->hash);
  const bool from_range = program_->construct_from_range && map_.constructs_from_range;
  abi::Construction construction;
  construction.capacity_hint = program_->capacity_hint;
  construction.capacity = program_->capacity;
  if (from_range) {
    construction.range = program_->prefill.data();
    construction.range_size = program_->prefill.size();
  }
  abi::Response response;
  const std::uint64_t bytes_before = memory::arena().live_bytes();
  runtime::begin_operation(main_op_++, 0);
  {
    const MapScope scope;
    object_ = map_.create(&construction, &response);
  }
  runtime::end_operation(object_ != nullptr);
  if (object_ == nullptr) {
    const reason::ConstructionThrew reason{reason::Text::cut(thrown_by(response))};
    runtime::abandon(Outcome::unexpected_exception, Symptom::threw, reason, "construction");
  }
  call_hook(abi::Hook::thread_started, main_op_++);
  prefill();
  history_.quiescent_from = UINT32_MAX;
  runtime::begin_operation(main_op_++, 1);
  runtime::run_threads(RunnerEntry::program_thread, this);
  if (is_program(map_.operations)) runtime::await_started_threads();
  retry_failed();
  // What a thread that was cut off left half done may keep quiesce() waiting, by right.
  if (runtime::totals().ended_early == 0) call_hook(abi::Hook::quiesce, main_op_++);
  // Caches put their books in order when they are asked for their size.
  if (map_.claims.retention != Retention::keeps) invoke(main_thread, main_op_++, {OpKind::size, 0, 0});
  history_.quiescent_from = static_cast<std::uint32_t>(history_.calls.size());
  const std::uint64_t bytes_after = memory::arena().live_bytes();
  history_.live_bytes = bytes_after > bytes_before ? bytes_after - bytes_before : 0;
  look_ups();
  // What a thread left half done may look broken to validate(), and keep a destructor waiting, by right.
  if (runtime::totals().ended_early != 0) return;
  examine();
  call_hook(abi::Hook::thread_ending, main_op_++);
  runtime::begin_operation(main_op_++, 2);
  {
    const MapScope scope;
    map_.destroy(object_);
  }
}

void MapRunner::program_thread_body(ThreadId thread) {
  const auto& operations = program_->threads[thread - 1u];
  // Choices within hooks have addresses behind those of the operations and of the thread's end.
  const auto behind = static_cast<OpIndex>(operations.size() + 1);
  call_hook(abi::Hook::thread_started, behind);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const CallId call{thread, static_cast<OpIndex>(i)};
    if (std::ranges::find(left_out_, call) == left_out_.end()) invoke(thread, call.op, operations[i]);
  }
  OpIndex after = behind + 1;
  if (cursors_[thread] != nullptr) close_cursor(thread, after++);
  call_hook(abi::Hook::thread_ending, after);
}

/// What `code(response)` does of the map is no call of the program, and nothing fails in it.
template <class Code>
abi::Response MapRunner::run_as_hook(OpIndex op, const Code& code) {
  runtime::begin_hook(op);
  const std::size_t index = history_.hooks.size();
  history_.hooks.push_back({.invoked = ++clock_});
  abi::Response response;
  {
    const MapScope scope;
    code(&response);
  }
  history_.hooks[index].returned = ++clock_;
  runtime::end_hook();
  return response;
}

void MapRunner::close_cursor(ThreadId thread, OpIndex op) {
  if (cursors_[thread] == nullptr) return;
  const abi::Request request{.kind = OpKind::cursor_close, .cursor = &cursors_[thread]};
  run_as_hook(op, [&](abi::Response* response) { map_.invoke(object_, &request, response); });
}

void MapRunner::call_hook(abi::Hook hook, OpIndex op) {
  if ((map_.hooks & abi::hook_bit(hook)) == 0) return;
  const abi::Response response = run_as_hook(op, [&](abi::Response* answer) { map_.call_hook(object_, hook, answer); });
  if (response.status == abi::Status::returned) return;
  static constexpr std::array names{"thread_started", "thread_ending", "quiesce"};
  const std::string_view name = names[static_cast<std::size_t>(hook)];
  runtime::abandon(Outcome::unexpected_exception, Symptom::threw,
                   reason::HookThrew{name, reason::Text::cut(thrown_by(response))}, name);
}

std::uint32_t MapRunner::invoke(ThreadId thread, OpIndex op, const Operation& operation) {
  if (lacking(op_bit(operation.kind), map_.operations) != 0) return UINT32_MAX;
  runtime::begin_operation(
      op, static_cast<std::uint64_t>(operation.kind) << 32 ^ static_cast<std::uint64_t>(operation.key) << 8 ^
              static_cast<std::uint64_t>(operation.value) ^ static_cast<std::uint64_t>(operation.extra) << 16);
  const auto index = static_cast<std::uint32_t>(history_.calls.size());
  history_.calls.push_back({.thread = thread, .op = op, .operation = operation, .invoked = ++clock_});
  if (map_.claims.ttl_ms != 0) history_.times.push_back({.began_ns = runtime::now_ns()});
  std::vector<Visit>& visits = visits_[thread];
  visits.clear();
  const abi::Request request{operation.kind,     operation.key, operation.value,  operation.extra,
                             RunnerEntry::visit, &visits,       &cursors_[thread]};
  abi::Response response;
  {
    const MapScope scope;
    map_.invoke(object_, &request, &response);
  }
  Call& call = history_.calls[index];
  call.returned = ++clock_;
  if (map_.claims.ttl_ms != 0) history_.times[index].ended_ns = runtime::now_ns();
  switch (response.status) {
    case abi::Status::returned:
      call.status = CallStatus::returned;
      break;
    case abi::Status::threw_bad_alloc:
      call.status = CallStatus::threw_bad_alloc;
      break;
    case abi::Status::threw_injected:
      call.status = CallStatus::threw_injected;
      break;
    case abi::Status::threw:
      // What a point that the map declares makes it throw is the map's own affair.
      call.status = runtime::totals().declared != 0 ? CallStatus::threw_injected : CallStatus::threw;
      if (call.status == CallStatus::threw && history_.thrown.empty()) history_.thrown = thrown_by(response);
      break;
    case abi::Status::torn_value:
      call.status = CallStatus::torn_value;
      break;
    case abi::Status::refused:
      call.status = CallStatus::refused;
      break;
  }
  exceptions_seen_ |= is_injected(call.status);
  call.told = response.told;
  call.flag = response.flag;
  call.has_value = response.has_value;
  call.value = response.value;
  call.count = response.count;
  call.visits_begin = static_cast<std::uint32_t>(history_.visits.size());
  history_.visits.insert(history_.visits.end(), visits.begin(), visits.end());
  call.visits_end = static_cast<std::uint32_t>(history_.visits.size());
  const Usage usage = runtime::end_operation(static_cast<std::uint64_t>(response.value) + response.flag +
                                             response.count * 3 + static_cast<std::uint64_t>(response.status) * 7);
  history_.calls[index].usage = usage;
  if (operation.kind == OpKind::run && response.has_value) end_with_status(response.value);
  return index;
}

void MapRunner::look_ups() {
  const OpMask operations = map_.operations;
  const OpKind look_up = (operations & op_bit(OpKind::find)) != 0 ? OpKind::find : OpKind::contains;
  for (const std::int64_t key : keys_) invoke(main_thread, main_op_++, {look_up, key, 0});
  invoke(main_thread, main_op_++, {OpKind::size, 0, 0});
  invoke(main_thread, main_op_++, {OpKind::iterate, 0, 0});
}

void MapRunner::examine() {
  if (map_.has_dump) dump_ = dumped();
  if (!map_.has_validate) return;
  char text[4096] = {};
  {
    const MapScope scope;
    map_.validate(object_, text, sizeof text);
  }
  if (text[0] != 0) end_as_broken({.text = reason::Text::cut(text), .by_validate = true});
}

}  // namespace mapquake
