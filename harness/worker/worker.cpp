#include "harness/worker/worker.hpp"

#include "harness/runtime/crash.hpp"
#include "harness/runtime/execution.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/wire/protocol.hpp"
#include "harness/wire/slot.hpp"
#include "harness/worker/debugged.hpp"
#include "harness/worker/exploration.hpp"
#include "harness/worker/libfiu.hpp"
#include "harness/worker/looks.hpp"
#include "harness/worker/map_output.hpp"

#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>

namespace mapquake {

namespace {

void serve_request(const Slot& slot, MapRunner& runner, MapOutput& output) {
  output.show(slot.header().shows_output);
  runtime::set_hang_limit(slot.header().limits.hang_cpu_ms);
  switch (slot.header().command) {
    case Command::execute:
      return serve_execute(slot, runner);
    case Command::search:
      return serve_search(slot, runner);
    case Command::explore:
      return serve_explore(slot, runner);
    case Command::debug:
      serve_debug(slot, runner);
    case Command::look:
      return serve_look(slot, runner);
    case Command::none:
      return;
  }
}

}  // namespace

void serve_worker(const abi::Plugin& plugin, const abi::Map& map) {
  const Slot slot = Slot::attach(slot_descriptor);
  SlotHeader& header = slot.header();
  ::close(control_descriptor);
  MapOutput output;
  runtime::keep_open_descriptors();
  fault::open_libfiu();
  runtime::open_runtime();
  runtime::install_terminate_handler();
  runtime::install_crash_handlers(&header.heartbeat, interrupt_signal);
  MapRunner runner(plugin, map);
  for (;;) {
    std::uint64_t sequence = 0;
    const ssize_t got = ::recv(work_descriptor, &sequence, sizeof sequence, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got != sizeof sequence) ::_exit(0);
    if (sequence != header.sequence.load()) continue;  // meant for a worker that has died
    header.busy.store(1);
    serve_request(slot, runner, output);
    header.busy.store(0);
    if (::send(work_descriptor, &sequence, sizeof sequence, MSG_NOSIGNAL) < 0) ::_exit(0);
  }
}

}  // namespace mapquake
