// All that the author of a program under test includes: ordinary code with threads, locks, atomics and assertions, and
// one line,
//   MAPQUAKE_PROGRAM("transfer", transfer);
//   MAPQUAKE_PROGRAM("transfer", transfer, {.about = "two clerks", .expected = {.outcomes = "deadlock"}});
//
// The entry point is one of
//   void f();                        the execution ends when f and every thread that was started have ended
//   int f();  int f(int, char**);    as main(): when it returns, or anybody calls exit(), the program is over whatever
//                                    other threads are at; a status other than 0 is the failure "exit"
// Every execution starts from the state after loading: global variables, heap and thread_local objects are as they
// were. Destructors of global objects and atexit handlers do not run. See docs/programs.md.
#pragma once

#include <mapquake/check.h>
#include <mapquake/glue.hpp>
#include <mapquake/registration.hpp>

#include <concepts>
#include <cstdio>
#include <cstring>
#include <string>

namespace mapquake {

struct ProgramInfo {                ///< what is to be known of a program beside its code
  const char* about = "";           ///< one line for `mapquake list`
  Expectation expected{};           ///< what a campaign must find; empty outcomes: it stays clean
  std::uint64_t steps_max = 0;      ///< an execution's; 0: as `mapquake run` has it. For programs that are merely long
  std::string (*dump)() = nullptr;  ///< what it has made, for a person to read between the steps; null: nothing
};

namespace detail {

constexpr ProgramInfo info_of(const ProgramInfo& info = {}) {
  return info;
}

/// Instrumented, as the program itself is.
template <class Entry>
__attribute__((noinline)) bool run_entry(Entry entry, std::int64_t& status) {
  // Called through a pointer that nothing is known of, so that the function keeps its name in stacks.
  if constexpr (std::is_pointer_v<Entry>) asm volatile("" : "+r"(entry));
  // Writable, as C has it; on the stack, so that each execution finds it as it was.
  char name[] = "program";
  char* arguments[] = {name, nullptr};
  if constexpr (std::invocable<Entry, int, char**>) {
    status = entry(1, arguments);
    return true;
  } else if constexpr (std::same_as<std::invoke_result_t<Entry>, void>) {
    entry();
    return false;
  } else {
    status = entry();
    return true;
  }
}

/// The functions of an abi::Map that is a program. `entry` must not capture anything; `shown`: ProgramInfo::dump.
template <auto entry, std::string (*shown)()>
struct ProgramGlue {
  // Nothing to construct; the address of anything will do.
  MAPQUAKE_GLUE static void* create(const abi::Construction*, abi::Response*) { return &host; }
  MAPQUAKE_GLUE static void destroy(void*) {}
  /// noexcept: what the program does not catch ends it, as it would end a process.
  MAPQUAKE_GLUE static void invoke(void*, const abi::Request*, abi::Response* response) noexcept {
    response->has_value = run_entry(entry, response->value);
  }
  /// noexcept: as a look that breaks.
  MAPQUAKE_GLUE static void dump(void*, char* text, std::size_t size) noexcept {
    if constexpr (shown != nullptr) set_text(text, size, shown().c_str());
  }
};

template <auto entry, std::string (*shown)() = nullptr>
constexpr abi::Map describe_program(const char* name, const char* file, std::uint32_t line, const ProgramInfo& info) {
  abi::Map map{};
  map.name = name;
  map.key_type = map.value_type = "";
  map.source_file = file;
  map.source_line = line;
  map.operations = op_bit(OpKind::run);
  map.claims = {.concurrent_use = ConcurrentUse::all_operations,
                .iteration = Iteration::none,
                .size = SizeClaim::none,
                .on_bad_alloc = ExceptionGuarantee::none};
  map.expected = info.expected;
  map.about = info.about;
  map.steps_max = info.steps_max;
  using TheGlue = ProgramGlue<entry, shown>;
  map.has_dump = shown != nullptr;
  map.create = TheGlue::create;
  map.destroy = TheGlue::destroy;
  map.invoke = TheGlue::invoke;
  map.dump = TheGlue::dump;
  return map;
}

}  // namespace detail
}  // namespace mapquake

/// Not instrumented and, like mapquake_plugin(), weak.
extern "C" __attribute__((used, visibility("hidden"))) MAPQUAKE_GLUE inline void mapquake_check_failed(
    const char* condition, const char* file, int line) {
  // Labels of failures begin with the message: what is the same in every build comes first.
  char message[512];
  const char* const slash = std::strrchr(file, '/');
  std::snprintf(message, sizeof message, "not true: %s (%s:%d)", condition, slash != nullptr ? slash + 1 : file, line);
  mapquake::fail(message);
}

#define MAPQUAKE_DETAIL_PROGRAM(id, program_name, entry, ...)                                     \
  static_assert(::mapquake::detail::is_map_name(program_name),                                    \
                "mapquake: a program's name consists of letters, digits, '_', '-' and '.'");      \
  static constexpr ::mapquake::abi::Map MAPQUAKE_DETAIL_JOIN(mapquake_program_, id) =             \
      ::mapquake::detail::describe_program<entry, ::mapquake::detail::info_of(__VA_ARGS__).dump>( \
          program_name, __FILE__, __LINE__, ::mapquake::detail::info_of(__VA_ARGS__));            \
  MAPQUAKE_DETAIL_ENTRY(id, MAPQUAKE_DETAIL_JOIN(mapquake_program_, id))

/// MAPQUAKE_PROGRAM("name", function) or MAPQUAKE_PROGRAM("name", function, {ProgramInfo}); at namespace scope. The
/// name must be unique within the plugin.
#define MAPQUAKE_PROGRAM(name, entry, ...) MAPQUAKE_DETAIL_PROGRAM(__COUNTER__, name, entry __VA_OPT__(, ) __VA_ARGS__)
