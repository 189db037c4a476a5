#include "harness/base/assert.hpp"

#include "harness/base/exit_code.hpp"

#include <unistd.h>
#include <cstring>

namespace mapquake {

namespace {

constinit int sink = STDERR_FILENO;

void put(const char* text) noexcept {
  [[maybe_unused]] auto written = ::write(sink, text, std::strlen(text));
}

}  // namespace

void send_assertions_to(int descriptor) noexcept {
  sink = descriptor;
}

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  char digits[12] = {};
  char* first = digits + sizeof digits - 1;
  do {
    *--first = static_cast<char>('0' + line % 10);
    line /= 10;
  } while (line != 0);
  put("mapquake: internal error: ");
  put(condition);
  put(" does not hold at ");
  put(file);
  put(":");
  put(first);
  put("\n          This is a bug in mapquake, not in the map under test.\n");
  ::_exit(static_cast<int>(ExitCode::harness_bug));
}

}  // namespace mapquake
