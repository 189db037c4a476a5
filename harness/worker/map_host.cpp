#include "harness/worker/map_host.hpp"

#include "harness/history/outcome.hpp"
#include "harness/runtime/execution.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/interpose.hpp"

#include <string>

namespace mapquake {

namespace {

using runtime::HarnessScope;

std::uint32_t host_choose(std::uint32_t n) {
  const HarnessScope scope;
  return runtime::choose(ChoiceKind::adapter, n);
}

std::uint64_t host_now_ms() {
  return (runtime::now_ns() - 1'000'000'000) / 1'000'000;
}

/// What tells failures of one kind apart must survive shrinking: numbers are taken out.
std::string without_numbers(std::string_view message) {
  std::string text;
  for (const char at : message) {
    if (text.size() == 60) break;
    const bool digit = at >= '0' && at <= '9';
    if (!digit) {
      text += at;
    } else if (text.empty() || text.back() != '#') {
      text += '#';
    }
  }
  return text;
}

void host_point(const char*) {
  const HarnessScope scope;
  // Inside the API's glue; reports go outwards from there, to the line of the map that called back.
  const auto glue = reinterpret_cast<std::uint64_t>(__builtin_return_address(0));
  runtime::point(EventKind::adapter_point, nullptr, glue);
}

bool host_user_code_throws(abi::UserCode what) {
  const auto pc = reinterpret_cast<std::uint64_t>(__builtin_return_address(0));
  const HarnessScope scope;
  return runtime::user_code_throws(static_cast<std::uint64_t>(what), pc);
}

void host_tell(void (*describe)(const void* context, char* text, std::size_t size), const void* context, bool ends) {
  const HarnessScope scope;
  runtime::tell(describe, context, ends);
}

void host_copied(std::size_t bytes) {
  const HarnessScope scope;
  runtime::count_copied(bytes);
}

}  // namespace

void end_as_broken(const reason::OwnCheck& check) {
  runtime::in_map = false;
  runtime::abandon(Outcome::invariant_broken, Symptom::own, check, without_numbers(check.text));
}

abi::Host lent_host(abi::HashMode hash_mode) {
  return {.choose = host_choose,
          .now_ms = host_now_ms,
          .fail = [](const char* message) { end_as_broken({.text = reason::Text::cut(message)}); },
          .point = host_point,
          .user_code_throws = host_user_code_throws,
          .tell = host_tell,
          .copied = host_copied,
          .hash_mode = hash_mode};
}

}  // namespace mapquake
