// What libstdc++ and libc do on first use and keep: done here once, so that the first execution of a process is like
// all others. Found by comparing the trace hashes of first and second executions (tests/plugins/library_probe.cpp).
#include "harness/base/assert.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/shims.hpp"

#include <ctime>
#include <future>
#include <locale>
#include <thread>

namespace mapquake::runtime {
namespace {

/// std::ctype<char> caches what it has converted (regular expressions and streams ask it).
void fill_character_tables() {
  const auto& table = std::use_facet<std::ctype<char>>(std::locale::classic());
  char letter = 'a', converted = 0;
  table.narrow(&letter, &letter + 1, '?', &converted);
  MQ_ASSERT(converted == letter);
  table.widen(&letter, &letter + 1, &converted);
  MQ_ASSERT(converted == letter);
  for (int c = 0; c < 256; ++c) {
    table.narrow(static_cast<char>(c), '\0');
    table.widen(static_cast<char>(c));
  }
}

/// The key under which libstdc++ keeps what a promise or condition variable does at the end of a thread.
void make_thread_exit_key() {
  std::promise<void> promise;
  auto done = promise.get_future();
  std::thread([&promise] { promise.set_value_at_thread_exit(); }).join();
  done.get();
}

}  // namespace

void warm_up_libraries() {
  MQ_ASSERT(!in_map);
  fill_character_tables();
  make_thread_exit_key();
  ::tzset();
}

}  // namespace mapquake::runtime
