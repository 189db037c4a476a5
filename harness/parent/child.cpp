#include "harness/parent/child.hpp"

#include "harness/base/assert.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <vector>

namespace mapquake {

namespace {

constexpr int load_timeout_ms = 60'000;
constexpr rlim_t load_cpu_s = 10;

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
  ::close_range(slot_descriptor + 1, ~0u, 0);
}

/// Map code must not read what is meant for us, nor write between the lines of our output.
void close_standard_streams() {
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  if (nothing > STDERR_FILENO) ::close(nothing);
}

/// What map code sees of the environment: the same wherever it runs. What the dynamic linker, libc and sanitizers go by
/// stays, and what a user gives his maps by a name that says so.
class FixedEnvironment {
 public:
  FixedEnvironment() {
    constexpr std::string_view passed[] = {"LD_", "MAPQUAKE_", "GLIBC_TUNABLES=", "ASAN_OPTIONS=", "UBSAN_OPTIONS="};
    for (const char* const fixed : {"PATH=/usr/bin:/bin", "HOME=/", "LANG=C.UTF-8", "TZ=UTC"}) words_.push_back(fixed);
    for (char** word = environ; *word != nullptr; ++word) {
      const std::string_view text(*word);
      const auto is_passed = [text](std::string_view start) { return text.starts_with(start); };
      if (std::ranges::any_of(passed, is_passed)) words_.push_back(*word);
    }
    words_.push_back(nullptr);
  }
  char* const* words() const { return const_cast<char* const*>(words_.data()); }

 private:
  std::vector<const char*> words_;
};

[[noreturn]] void become_template(const char* const* arguments, const FixedEnvironment& environment,
                                  const int (&descriptors)[3], int parent) {
  // While it loads it does not listen. Later, workers and template end when their descriptors do: the thread that
  // started them may end before.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  place_descriptors(descriptors);
  close_standard_streams();
  // Addresses must be the same in every process: no randomisation, and a stack limit that does not move mmap's base.
  ::personality(ADDR_NO_RANDOMIZE);
  const rlimit stack{.rlim_cur = 8u << 20, .rlim_max = RLIM_INFINITY};
  ::setrlimit(RLIMIT_STACK, &stack);
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const rlimit load{.rlim_cur = load_cpu_s, .rlim_max = RLIM_INFINITY};
  ::setrlimit(RLIMIT_CPU, &load);
  ::execve("/proc/self/exe", const_cast<char* const*>(arguments), environment.words());
  ::_exit(static_cast<int>(ExitCode::harness_bug));
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    return fmt::format("did not finish loading within {} s of processor time", load_cpu_s);
  }
  if (WIFSIGNALED(status)) {
    return fmt::format("the process that loaded it ended by signal {} ({})", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
  }
  return fmt::format("the process that loaded it ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

Result<TemplateProcess> TemplateProcess::start(const std::filesystem::path& plugin, unsigned index, const Slot* slot) {
  const Pair control = socket_pair();
  const Pair work = socket_pair();
  const std::string number = std::to_string(index);
  const std::string path = plugin.string();
  const char* const arguments[] = {"mapquake", child_flag, path.c_str(), number.c_str(), nullptr};
  const int descriptors[] = {control.theirs, work.theirs, slot == nullptr ? -1 : slot->descriptor()};
  const int parent = ::getpid();
  const FixedEnvironment environment;  // made before the fork: behind it nothing may be allocated
  const int pid = ::fork();
  MQ_ASSERT(pid >= 0);
  if (pid == 0) become_template(arguments, environment, descriptors, parent);
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
    const std::string what =
        hung ? fmt::format("did not finish loading within {} s", load_timeout_ms / 1000) : how_it_ended(status);
    return Error{ExitCode::bad_input, fmt::format("{}: {}", path, what),
                 "look at the plugin's static constructors: they run when it is loaded."};
  }
  process.description_.resize(static_cast<std::size_t>(got));
  return process;
}

TemplateProcess::TemplateProcess(TemplateProcess&& other) noexcept {
  *this = std::move(other);
}

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

TemplateProcess::~TemplateProcess() {
  close_all();
}

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

bool TemplateProcess::begin_request(Live& live) {
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
  const std::uint64_t sequence = live.sequence.fetch_add(1) + 1;
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

void TemplateProcess::end_worker() {
  kill_worker();
  for (int status = 0; worker_pid_ > 0;) {
    if (wait(-1, 0, status) == Event::template_died) return;
  }
}

Activity TemplateProcess::activity() const {
  char text[512];
  Activity result;
  if (worker_pid_ < 0) return result;
  const int file = ::open(fmt::format("/proc/{}/stat", worker_pid_).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return result;
  const ssize_t got = ::read(file, text, sizeof text - 1);
  ::close(file);
  text[got > 0 ? got : 0] = 0;
  // proc(5): the name may contain anything, so the state is what follows the last parenthesis.
  const char* const name_end = std::strrchr(text, ')');
  unsigned long faults = 0;
  unsigned long user = 0;
  unsigned long system = 0;
  const int read = name_end == nullptr ? 0
                                       : std::sscanf(name_end, ") %c %*d %*d %*d %*d %*d %*u %lu %*u %*u %*u %lu %lu",
                                                     &result.state, &faults, &user, &system);
  if (read != 4) return {};
  result.minor_faults = faults;
  result.cpu_ticks = user + system;
  return result;
}

void TemplateProcess::interrupt_worker() {
  if (worker_pid_ > 0) ::kill(worker_pid_, interrupt_signal);
}

}  // namespace mapquake
