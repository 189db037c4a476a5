// Descriptors through which a worker is spoken to: map code that closes or replaces everything that it finds must not
// cut it off. All others are the kernel's business, and closed by the worker after each execution.
#include "harness/base/assert.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/runtime/shims/state.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>

namespace mapquake::runtime {
namespace {

bool is_ours(int descriptor) {
  return in_map && descriptor >= 0 && descriptor < first_map_descriptor;
}

int refuse() {
  errno = EBADF;
  return -1;
}

constinit unsigned first_left_behind = ~0u;

}  // namespace

void keep_open_descriptors() {
  MQ_ASSERT(!in_map);
  int last = first_map_descriptor - 1;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    last = std::max(last, std::stoi(entry.path().filename().string()));
  }
  // Without holes, what map code opens gets the same numbers in every execution.
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int descriptor = 0; descriptor <= last; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) ::dup2(nothing, descriptor);
  }
  if (nothing > last) ::close(nothing);
  first_left_behind = static_cast<unsigned>(last) + 1;
}

// About 100 ns where there is nothing to close.
void reset_descriptors() {
  if (first_left_behind != ~0u) ::close_range(first_left_behind, ~0u, 0);
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int close(int descriptor) {
  if (is_ours(descriptor)) return refuse();
  return MQ_REAL(close)(descriptor);
}

MQ_INTERPOSED int close_range(unsigned first, unsigned last, int flags) noexcept {
  if (in_map) first = std::max<unsigned>(first, first_map_descriptor);
  if (in_map && first > last) return 0;
  return MQ_REAL(close_range)(first, last, flags);
}

MQ_INTERPOSED void closefrom(int first) noexcept {
  MQ_REAL(closefrom)(in_map ? std::max(first, first_map_descriptor) : first);
}

MQ_INTERPOSED int dup2(int from, int to) noexcept {
  if (is_ours(to)) return refuse();
  return MQ_REAL(dup2)(from, to);
}

MQ_INTERPOSED int dup3(int from, int to, int flags) noexcept {
  if (is_ours(to)) return refuse();
  return MQ_REAL(dup3)(from, to, flags);
}
