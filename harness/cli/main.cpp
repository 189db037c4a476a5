#include "harness/cli/commands.hpp"
#include "harness/worker/template_process.hpp"

#include <malloc.h>

#include <csignal>

int main(int argc, char** argv) {
  mapquake::serve_if_child(argc, argv);
  // A limit on file size makes a write fail and be told of, not the process end.
  std::signal(SIGXFSZ, SIG_IGN);
  // Long traces come and go on several threads. By default glibc learns from that to keep their memory for later.
  ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 20);
  return mapquake::cli::run_command_line(argc, argv, mapquake::cli::real_environment());
}
