#include "harness/worker/map_output.hpp"

#include "harness/base/assert.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cstdio>

namespace mapquake {

MapOutput::MapOutput()
    : error_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)),
      nothing_(::open("/dev/null", O_WRONLY | O_CLOEXEC)) {
  MQ_ASSERT(nothing_ >= 0);
  if (error_ >= 0) send_assertions_to(error_);
  // What is printed before a crash must not stay behind in a buffer.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  ::dup2(nothing_, STDERR_FILENO);
}

void MapOutput::show(bool shown) {
  if (shown == shown_ || error_ < 0) return;
  std::fflush(stdout);
  const int to = shown ? error_ : nothing_;
  ::dup2(to, STDOUT_FILENO);
  ::dup2(to, STDERR_FILENO);
  shown_ = shown;
}

}  // namespace mapquake
