// Assertions that stay on in every build: they guard the harness against itself, never against a user's input.
#pragma once

namespace mapquake {

/// Prints the broken assertion and ends the process with exit code 70 (EX_SOFTWARE). Async-signal-safe.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

/// From now on broken assertions are printed to this descriptor; at first, to the standard error. For a process whose
/// standard error belongs to the code under test.
void send_assertions_to(int descriptor) noexcept;

}  // namespace mapquake

#define MQ_ASSERT(condition)                                   \
  (__builtin_expect(static_cast<bool>(condition), 1) ? void(0) \
                                                     : ::mapquake::assertion_failed(#condition, __FILE__, __LINE__))
