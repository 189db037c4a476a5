#include "harness/base/fill.hpp"
#include "harness/cli/cpp_literal.hpp"
#include "harness/cli/regression.hpp"
#include "harness/history/phrases.hpp"
#include "harness/store/replay_text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace mapquake::cli {
namespace {

constexpr std::string_view program_template =
    R"source(// Written by `mapquake replay --emit-cpp`. Ends with 0 once this failure no longer happens:
// @HEADLINE@
//
//   g++ -std=gnu++20 -pthread -I@HEADERS@ @OUT@ && ./a.out
//
// and what else the adapter needs. Of mapquake it takes the headers alone. Threads are real; each call waits for its turn.
#include @ADAPTER@

#include <mapquake/registration.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

namespace mapquake_regression {

using mapquake::OpKind;
namespace abi = mapquake::abi;

struct Visit {
  long long key, value;
  bool erased;
  friend bool operator==(const Visit&, const Visit&) = default;
};
/// What is asked during a call, and what the nth time is answered otherwise than as usual.
enum class Asked { allocation, user_code, choice, kinds };
struct Forced {
  Asked what;
  unsigned nth, answer;  // of an allocation: 1, it fails; 2, and all behind it
};
struct Answer {
  abi::Status status;
  bool flag, has_value;
  long long value;
  unsigned long long count;
  std::vector<Visit> visits;
  friend bool operator==(const Answer&, const Answer&) = default;
};
struct Call {
  unsigned thread;  // 0: the main thread
  OpKind kind;
  long long key, value, extra;
  const char* words;
  bool returned;  // when it failed
  Answer answer;  // when it failed, where it did return
  std::vector<Forced> forced;
};

constexpr bool answers_tell = @ANSWERS_TELL@;
constexpr unsigned threads = @THREADS@, quiesce_before = @QUIESCE@;
// In the order of time: each has returned before the next one begins.
const std::vector<Call> calls{
@CALLS@};

const abi::Map* map = nullptr;
void* object = nullptr;
std::vector<Answer> answers(calls.size());

/// Of the call that this thread performs; null: none.
thread_local const Call* current = nullptr;
thread_local unsigned asked[static_cast<unsigned>(Asked::kinds)];

unsigned answer_to(Asked what) {
  if (current == nullptr) return 0;
  const unsigned n = ++asked[static_cast<unsigned>(what)];
  for (const Forced& forced : current->forced) {
    const bool later = what == Asked::allocation && forced.answer == 2 && n > forced.nth;
    if (forced.what == what && (n == forced.nth || later)) return forced.answer;
  }
  return 0;
}

std::mutex mutex;
std::condition_variable moved;
std::atomic<unsigned> turn = 0;
bool over = false;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "failed: %s\n", what);
  for (unsigned i = 0; i < calls.size() && i <= turn; ++i) std::fprintf(stderr, "  %s\n", calls[i].words);
  std::fflush(nullptr);
  std::_Exit(1);
}

void perform(unsigned number) {
  const Call& call = calls[number];
  Answer& answer = answers[number];
  answer.visits.reserve(4096);  // no allocation of ours is counted
  const auto visit = [](void* visits, std::int64_t key, std::int64_t value, bool erased) {
    static_cast<std::vector<Visit>*>(visits)->push_back({key, value, erased});
  };
  const abi::Request request{call.kind, call.key, call.value, call.extra, visit, &answer.visits};
  abi::Response response;
  for (unsigned& count : asked) count = 0;
  current = &call;
  map->invoke(object, &request, &response);
  current = nullptr;
  answer = {response.status,         response.flag,  response.has_value,
            response.value,          response.count, std::move(answer.visits)};
}

void hook(abi::Hook which) {
  abi::Response response;
  if ((map->hooks & abi::hook_bit(which)) != 0) map->call_hook(object, which, &response);
}

/// The calls of one thread, each at its turn.
void perform_all(unsigned thread) {
  bool started = false;
  unsigned last = 0;
  for (unsigned i = 0; i < calls.size(); ++i) last = calls[i].thread == thread ? i : last;
  for (unsigned i = 0; i < calls.size(); ++i) {
    if (calls[i].thread != thread) continue;
    std::unique_lock lock(mutex);
    moved.wait(lock, [i] { return turn == i; });
    lock.unlock();
    if (!started) hook(abi::Hook::thread_started);
    started = true;
    perform(i);
    if (i == last) hook(abi::Hook::thread_ending);
    lock.lock();
    ++turn;
    moved.notify_all();
  }
}

void perform_of_main(unsigned begin, unsigned end) {
  for (unsigned i = begin; i < end; ++i) {
    if (i == quiesce_before) hook(abi::Hook::quiesce);
    perform(i);
    ++turn;
  }
}

void watch() {
  std::unique_lock lock(mutex);
  if (moved.wait_for(lock, std::chrono::seconds(10), [] { return over; })) return;
  fail("the last of these calls does not return. @EXPECTED@");
}

int run() {
  const abi::Plugin& plugin = *mapquake_plugin();
  for (unsigned i = 0; i < plugin.map_count; ++i) {
    if (std::strcmp(plugin.maps[i]->name, @NAME@) == 0) map = plugin.maps[i];
  }
  if (map == nullptr) fail("the adapter's source has no map of this name: " @NAME@);
  abi::Host& host = *plugin.host;
  host.hash_mode = abi::HashMode::@HASH@;
  host.fail = [](const char* message) { fail(message); };
  host.choose = [](std::uint32_t n) -> std::uint32_t { return answer_to(Asked::choice) % n; };
  host.user_code_throws = [](abi::UserCode) { return answer_to(Asked::user_code) != 0; };
  [[maybe_unused]] static const abi::Entry range[]{@RANGE@{0, 0}};
  const abi::Construction construction{@CAPACITY_HINT@, @CAPACITY@, @RANGE_SIZE@ != 0 ? range : nullptr, @RANGE_SIZE@};
  abi::Response constructed;
  object = map->create(&construction, &constructed);
  if (object == nullptr) fail("the construction threw");

  std::thread watchdog(watch);
  unsigned first = 0, behind = 0;  // calls of the program's threads
  for (unsigned i = 0; i < calls.size(); ++i) {
    if (calls[i].thread != 0 && behind == 0) first = i;
    if (calls[i].thread != 0) behind = i + 1;
  }
  hook(abi::Hook::thread_started);
  perform_of_main(0, first);
  std::vector<std::thread> all;
  for (unsigned thread = 1; thread <= threads; ++thread) all.emplace_back(perform_all, thread);
  for (std::thread& one : all) one.join();
  perform_of_main(behind, static_cast<unsigned>(calls.size()));
  char broken[4096] = {};
  if (map->has_validate) map->validate(object, broken, sizeof broken);
  if (broken[0] != 0) fail(broken);
  if (answers_tell && [] {
        for (unsigned i = 0; i < calls.size(); ++i) {
          if (answers[i] != calls[i].answer) return false;
        }
        return true;
      }()) {
    fail("the calls answer as when it failed. @EXPECTED@");
  }
  hook(abi::Hook::thread_ending);
  map->destroy(object);
  {
    const std::lock_guard lock(mutex);
    over = true;
    moved.notify_all();
  }
  watchdog.join();
  std::puts("passed: the failure has not happened");
  return 0;
}

}  // namespace mapquake_regression

// Failing allocations: everything that the program allocates comes through here.
__attribute__((noinline)) void* operator new(std::size_t size) {
  using namespace mapquake_regression;
  void* const block = answer_to(Asked::allocation) == 0 ? std::malloc(size == 0 ? 1 : size) : nullptr;
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
__attribute__((noinline)) void operator delete(void* block) noexcept {
  std::free(block);
}
__attribute__((noinline)) void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}

int main() {
  return mapquake_regression::run();
}
)source";

/// Without the quotation marks.
std::string within_literal(std::string_view text) {
  const std::string quoted = cpp_literal(text);
  return quoted.substr(1, quoted.size() - 2);
}

std::string number(std::int64_t value) {
  return value == INT64_MIN ? "INT64_MIN" : fmt::format("{}", value);
}

std::string_view status_name(CallStatus status) {
  static constexpr std::array names{"returned", "returned",   "threw_bad_alloc", "threw_injected",
                                    "threw",    "torn_value", "refused"};
  return names[static_cast<std::size_t>(status)];
}

std::string_view asked_name(ChoiceKind kind) {
  if (kind == ChoiceKind::alloc_fail) return "allocation";
  return kind == ChoiceKind::user_throw ? "user_code" : "choice";
}

std::string call_text(const Regression& regression, std::uint32_t index) {
  const History& history = regression.history;
  const Call& call = history.calls[index];
  const Operation& operation = call.operation;
  std::string visits, forced;
  for (const Visit& visit : history.visits_of(call)) {
    visits += fmt::format("{{{}, {}, {}}}, ", number(visit.key), number(visit.value), visit.erased);
  }
  for (const ForcedAnswer& answer : regression.forced) {
    if (answer.call != index) continue;
    forced += fmt::format("{{Asked::{}, {}, {}}}, ", asked_name(answer.kind), answer.nth, answer.take);
  }
  const std::string words =
      fmt::format("{}: {} -> {}", thread_name(call.thread), to_string(operation), result_string(call, history));
  return fmt::format(
      "    {{{}, OpKind::{}, {}, {}, {}, {},\n     {}, {{abi::Status::{}, {}, {}, {}, {}u, {{{}}}}}, {{{}}}}},\n",
      call.thread, name_of(operation.kind), number(operation.key), number(operation.value), number(operation.extra),
      cpp_literal(words), call.status != CallStatus::pending, status_name(call.status), call.flag, call.has_value,
      number(call.value), call.count, visits, forced);
}

}  // namespace

std::string regression_source(const OpenedCase& opened, const Regression& regression,
                              const std::filesystem::path& headers, const std::filesystem::path& out) {
  const ReplayFile& file = opened.file;
  const auto calls = static_cast<std::uint32_t>(regression.history.calls.size());
  std::string rows, range;
  for (std::uint32_t i = regression.first_call; i < calls; ++i) rows += call_text(regression, i);
  for (std::uint32_t i = 0; i < regression.first_call; ++i) {
    range += fmt::format("{{{}, {}}}, ", number(file.program.prefill[i].key), number(file.program.prefill[i].value));
  }
  const std::uint32_t first = regression.first_call;
  return filled(program_template,
                {{"HEADLINE", fmt::format("{} × {}: {}", file.map, file.scenario, headline_of(file))},
                 {"HEADERS", headers.string()},
                 {"OUT", out.string()},
                 {"ADAPTER", cpp_literal(std::filesystem::absolute(opened.map.source_file).string())},
                 {"ANSWERS_TELL", regression.telling == Telling::answers ? "true" : "false"},
                 {"THREADS", std::to_string(file.program.threads.size())},
                 {"QUIESCE", std::to_string(regression.quiesce_before < first ? 0 : regression.quiesce_before - first)},
                 {"CALLS", rows},
                 {"NAME", cpp_literal(file.map)},
                 {"HASH", std::string(stored_hash(file.program.hash))},
                 {"RANGE", range},
                 {"RANGE_SIZE", std::to_string(first)},
                 {"CAPACITY_HINT", std::to_string(file.program.capacity_hint)},
                 {"CAPACITY", std::to_string(file.program.capacity)},
                 {"EXPECTED", within_literal(file.why.empty() ? headline_of(file) : file.why)}});
}

}  // namespace mapquake::cli
