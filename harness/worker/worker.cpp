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
#include "harness/worker/searching.hpp"

#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <optional>
#include <variant>

namespace mapquake {

namespace {

struct Served {
  const Slot& slot;
  MapRunner& runner;

  void operator()(const ExecuteTask& task) const { slot.answer(serve_execute(slot, task, runner)); }
  void operator()(const SearchRequest& task) const { slot.answer(serve_search(slot, task, runner)); }
  void operator()(const ExploreRequest& task) const { slot.answer(serve_explore(slot, task, runner)); }
  void operator()(const LookTask& task) const { serve_look(slot, task, runner); }
  void operator()(const DebugTask& task) const { serve_debug(slot, task, runner); }
};

/// Answers nothing where a map wrote over the request.
void serve_request(const Slot& slot, MapRunner& runner, MapOutput& output) {
  const std::optional<Request> request = slot.request();
  if (!request) return;
  output.show(request->terms.shows_output);
  runtime::set_hang_limit(request->terms.limits.hang_cpu_ms);
  std::visit(Served{slot, runner}, request->task);
}

}  // namespace

void serve_worker(const abi::Plugin& plugin, const abi::Map& map) {
  const Slot slot = Slot::attach(slot_descriptor);
  Live& live = slot.live();
  ::close(control_descriptor);
  MapOutput output;
  runtime::keep_open_descriptors();
  fault::open_libfiu();
  runtime::open_runtime();
  runtime::install_terminate_handler();
  runtime::install_crash_handlers(&live.heartbeat, interrupt_signal);
  MapRunner runner(plugin, map);
  for (;;) {
    std::uint64_t sequence = 0;
    const ssize_t got = ::recv(work_descriptor, &sequence, sizeof sequence, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got != sizeof sequence) ::_exit(0);
    if (sequence != live.sequence.load()) continue;  // meant for a worker that has died
    live.busy.store(1);
    serve_request(slot, runner, output);
    live.busy.store(0);
    if (::send(work_descriptor, &sequence, sizeof sequence, MSG_NOSIGNAL) < 0) ::_exit(0);
  }
}

}  // namespace mapquake
