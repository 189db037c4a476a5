#include "harness/run/child.hpp"

#include "harness/base/assert.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mapquake {

namespace {

constexpr int load_timeout_ms = 20'000;

struct Pair {
  int ours = -1;
  int theirs = -1;
};

Pair socket_pair() {
  int ends[2];
  const int error = ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
  MQ_ASSERT(error == 0);
  return {ends[0], ends[1]};
}

/// In the forked child, before exec: only async-signal-safe calls. Moves the descriptors out of each other's way first.
void place_descriptors(const int (&sources)[3]) {
  int high[3];
  for (int i = 0; i < 3; ++i) high[i] = sources[i] < 0 ? -1 : ::fcntl(sources[i], F_DUPFD, 64);
  for (int i = 0; i < 3; ++i) {
    ::close(control_descriptor + i);
    if (high[i] < 0) continue;
    ::dup2(high[i], control_descriptor + i);
    ::close(high[i]);
  }
}

[[noreturn]] void become_template(const char* const* arguments, const int (&descriptors)[3]) {
  place_descriptors(descriptors);
  // Addresses must be the same in every process: no randomisation, and a stack limit that does not move mmap's base.
  ::personality(ADDR_NO_RANDOMIZE);
  const rlimit stack{.rlim_cur = 8u << 20, .rlim_max = RLIM_INFINITY};
  ::setrlimit(RLIMIT_STACK, &stack);
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::execv("/proc/self/exe", const_cast<char* const*>(arguments));
  ::_exit(static_cast<int>(ExitCode::harness_bug));
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

Result<TemplateProcess> TemplateProcess::start(const std::filesystem::path& plugin, unsigned index, const Slot* slot) {
  const Pair control = socket_pair();
  const Pair work = socket_pair();
  const std::string number = std::to_string(index);
  const std::string path = plugin.string();
  const char* const arguments[] = {"mapquake", child_flag, path.c_str(), number.c_str(), nullptr};
  const int descriptors[] = {control.theirs, work.theirs, slot == nullptr ? -1 : slot->descriptor()};
  const int pid = ::fork();
  MQ_ASSERT(pid >= 0);
  if (pid == 0) become_template(arguments, descriptors);
  ::close(control.theirs);
  ::close(work.theirs);

  TemplateProcess process;
  process.pid_ = pid;
  process.control_ = control.ours;
  process.work_ = work.ours;
  process.description_.resize(description_bytes_max);
  pollfd ready{.fd = control.ours, .events = POLLIN, .revents = 0};
  int polled;
  do {
    polled = ::poll(&ready, 1, load_timeout_ms);
  } while (polled < 0 && errno == EINTR);
  ssize_t got = 0;
  if (polled > 0) got = ::recv(control.ours, process.description_.data(), process.description_.size(), 0);
  if (got <= 0) {
    const bool hung = polled == 0;
    if (hung) ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    process.pid_ = -1;
    const std::string what = hung ? fmt::format("did not finish loading within {} s", load_timeout_ms / 1000)
                                  : "the process that loaded it " + how_it_ended(status);
    return Error{ExitCode::bad_input, fmt::format("{}: {}", path, what),
                 "look at the plugin's static constructors: they run when it is loaded."};
  }
  process.description_.resize(static_cast<std::size_t>(got));
  return process;
}

TemplateProcess::TemplateProcess(TemplateProcess&& other) noexcept { *this = std::move(other); }

TemplateProcess& TemplateProcess::operator=(TemplateProcess&& other) noexcept {
  if (this == &other) return *this;
  close_all();
  pid_ = std::exchange(other.pid_, -1);
  control_ = std::exchange(other.control_, -1);
  work_ = std::exchange(other.work_, -1);
  worker_pid_ = std::exchange(other.worker_pid_, -1);
  description_ = std::move(other.description_);
  return *this;
}

TemplateProcess::~TemplateProcess() { close_all(); }

void TemplateProcess::close_all() {
  if (control_ >= 0) ::close(control_);
  if (work_ >= 0) ::close(work_);
  control_ = work_ = worker_pid_ = -1;
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);  // its workers die with it (PR_SET_PDEATHSIG)
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

bool TemplateProcess::begin_request(SlotHeader& header) {
  if (worker_pid_ < 0) {
    const Order order = Order::fork_worker;
    if (::send(control_, &order, sizeof order, MSG_NOSIGNAL) < 0) return false;
    Notice notice;
    ssize_t got;
    do {
      got = ::recv(control_, &notice, sizeof notice, 0);
    } while (got < 0 && errno == EINTR);
    if (got != sizeof notice || notice.kind != Notice::Kind::born) return false;
    worker_pid_ = notice.pid;
  }
  const std::uint64_t sequence = header.sequence.fetch_add(1) + 1;
  return ::send(work_, &sequence, sizeof sequence, MSG_NOSIGNAL) == sizeof sequence;
}

TemplateProcess::Event TemplateProcess::wait(int timeout_ms, std::uint64_t sequence, int& status) {
  pollfd ready[] = {{.fd = work_, .events = POLLIN, .revents = 0}, {.fd = control_, .events = POLLIN, .revents = 0}};
  if (::poll(ready, 2, timeout_ms) <= 0) return Event::nothing;
  if ((ready[0].revents & POLLIN) != 0) {
    std::uint64_t answered = 0;
    if (::recv(work_, &answered, sizeof answered, 0) == sizeof answered && answered == sequence) return Event::done;
  }
  if (ready[1].revents == 0) return Event::nothing;
  Notice notice;
  const ssize_t got = ::recv(control_, &notice, sizeof notice, 0);
  if (got < 0 && errno == EINTR) return Event::nothing;
  if (got != sizeof notice) return Event::template_died;
  if (notice.kind != Notice::Kind::died || notice.pid != worker_pid_) return Event::nothing;
  worker_pid_ = -1;
  status = notice.status;
  return Event::worker_died;
}

void TemplateProcess::kill_worker() {
  if (worker_pid_ > 0) ::kill(worker_pid_, SIGKILL);
}

}  // namespace mapquake
