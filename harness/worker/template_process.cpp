#include "harness/worker/template_process.hpp"

#include "harness/memory/arena.hpp"
#include "harness/wire/protocol.hpp"
#include "harness/worker/describe_plugin.hpp"
#include "harness/worker/plugin.hpp"
#include "harness/worker/worker.hpp"

#include <poll.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace mapquake {

namespace {

void say(const void* data, std::size_t bytes) {
  if (::send(control_descriptor, data, bytes, MSG_NOSIGNAL) < 0) ::_exit(0);
}

void report_deaths() {
  int status = 0;
  for (int pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const Notice notice{Notice::Kind::died, pid, status};
    say(&notice, sizeof notice);
  }
}

/// The signals of a terminal are the parent's business: it decides when its children stop.
void leave_signals_to_parent() {
  for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE}) std::signal(number, SIG_IGN);
}

/// The kernel draws them for each process; map code may take them for a seed.
void fix_random_bytes() {
  constexpr std::size_t count = 16;  // getauxval(3)
  auto* const bytes = reinterpret_cast<void*>(::getauxval(AT_RANDOM));
  if (bytes != nullptr) std::memset(bytes, 0x5a, count);
}

/// Lifts what bounded the plugin's static constructors (child.cpp).
void loading_is_over() {
  const rlimit unlimited{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  ::setrlimit(RLIMIT_CPU, &unlimited);
  ::prctl(PR_SET_PDEATHSIG, 0);
}

[[noreturn]] void serve_template(const abi::Plugin& plugin, unsigned index) {
  sigset_t child_died;
  ::sigemptyset(&child_died);
  ::sigaddset(&child_died, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_died, nullptr);
  const int deaths = ::signalfd(-1, &child_died, SFD_CLOEXEC);
  const int self = ::getpid();
  for (;;) {
    pollfd ready[] = {{.fd = control_descriptor, .events = POLLIN, .revents = 0},
                      {.fd = deaths, .events = POLLIN, .revents = 0}};
    if (::poll(ready, 2, -1) < 0 && errno == EINTR) continue;
    if (ready[1].revents != 0) {
      signalfd_siginfo drained;
      [[maybe_unused]] const auto bytes = ::read(deaths, &drained, sizeof drained);
      report_deaths();
    }
    if (ready[0].revents == 0) continue;
    Order order;
    const ssize_t got = ::recv(control_descriptor, &order, sizeof order, 0);
    if (got == 0) ::_exit(0);
    if (got != sizeof order || order != Order::fork_worker) continue;
    const int pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != self) ::_exit(0);
      ::sigprocmask(SIG_UNBLOCK, &child_died, nullptr);
      serve_worker(plugin, *plugin.maps[index]);
    }
    const Notice notice{Notice::Kind::born, pid, 0};
    say(&notice, sizeof notice);
  }
}

}  // namespace

void serve_if_child(int argc, char** argv) {
  if (argc != 4 || std::strcmp(argv[1], child_flag) != 0) return;
  leave_signals_to_parent();
  fix_random_bytes();
  const auto index = static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10));
  const Result<LoadedPlugin> loaded = open_plugin(argv[2]);
  if (!loaded) {
    const std::string text = describe_error(loaded.error());
    say(text.data(), text.size());
    ::_exit(0);
  }
  loading_is_over();
  const std::string text = describe_plugin(argv[2], *loaded);
  if (text.size() > description_bytes_max || index >= loaded->plugin->map_count) ::_exit(70);
  say(text.data(), text.size());
  serve_template(*loaded->plugin, index);
}

}  // namespace mapquake
