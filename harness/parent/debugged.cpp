#include "harness/parent/debugged.hpp"

#include "harness/base/assert.hpp"
#include "harness/parent/child.hpp"
#include "harness/parent/patience.hpp"
#include "harness/parent/silence.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>

namespace mapquake {

namespace {

/// Ctrl-C and Ctrl-\ reach everybody at the terminal; while a debugger has it, they are not for us.
class SignalsLeftAlone {
 public:
  SignalsLeftAlone() {
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  ~SignalsLeftAlone() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }
  SignalsLeftAlone(const SignalsLeftAlone&) = delete;
  SignalsLeftAlone& operator=(const SignalsLeftAlone&) = delete;

 private:
  struct sigaction interrupt_ = {};
  struct sigaction quit_ = {};
};

/// A file without a name, which children inherit.
class Letter {
 public:
  static constexpr std::size_t line_bytes = 16;

  explicit Letter(const std::string& text) : descriptor_(::memfd_create("mapquake", 0)) {
    MQ_ASSERT(descriptor_ >= 0);
    write(text, line_bytes);
    tell_worker(0);
  }
  ~Letter() { ::close(descriptor_); }
  Letter(const Letter&) = delete;
  Letter& operator=(const Letter&) = delete;

  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }
  void tell_worker(int pid) { write(fmt::format("{:>{}}\n", pid, line_bytes - 1), 0); }

 private:
  void write(std::string_view text, std::size_t at) {
    while (!text.empty()) {
      const ssize_t written = ::pwrite(descriptor_, text.data(), text.size(), static_cast<off_t>(at));
      MQ_ASSERT(written > 0);
      text.remove_prefix(static_cast<std::size_t>(written));
      at += static_cast<std::size_t>(written);
    }
  }
  int descriptor_;
};

std::vector<char*> as_c(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// The debugger's process. Ends with this object.
class Debugger {
 public:
  explicit Debugger(const DebugRequest& request)
      : program_(found_in_path(request.debugger.front())), words_(request.debugger), letter_(request.told) {
    for (char** variable = environ; *variable != nullptr; ++variable) environment_.emplace_back(*variable);
    environment_.push_back("MAPQUAKE_DEBUG=" + letter_.path());
  }
  ~Debugger() { end(); }
  Debugger(const Debugger&) = delete;
  Debugger& operator=(const Debugger&) = delete;

  void tell_worker(int pid) { letter_.tell_worker(pid); }
  bool has_started() const { return has_started_; }

  void start() {
    has_started_ = true;
    const std::vector<char*> words = as_c(words_), environment = as_c(environment_);
    const int parent = ::getpid();
    pid_ = ::fork();
    MQ_ASSERT(pid_ >= 0);
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);
    for (const int number : {SIGINT, SIGQUIT, SIGXFSZ}) std::signal(number, SIG_DFL);
    ::execve(program_.c_str(), words.data(), environment.data());
    ::_exit(127);
  }

  bool has_ended() {
    int status = 0;
    if (pid_ >= 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) note_end(status);
    return has_started_ && pid_ < 0;
  }
  /// Requires: has_ended().
  int exit_code() const { return exit_code_; }

  void end() {
    if (pid_ < 0) return;
    int status = 0;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    note_end(status);
  }

 private:
  void note_end(int status) {
    pid_ = -1;
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  const std::string program_;
  std::vector<std::string> words_;
  std::vector<std::string> environment_;
  Letter letter_;
  bool has_started_ = false;
  int pid_ = -1;
  int exit_code_ = 0;
};

constexpr std::uint32_t debugged_hang_ms = Patience(Limits{}.hang_cpu_ms).utmost_ms();

/// Has the slot's request served once: until the worker has ended, however, or the debugger.
TemplateProcess::Ended serve_once(TemplateProcess& process, Live& live, Debugger& debugger,
                                  const DebugRequest& request) {
  Silence silence(live.heartbeat.load(), std::max(4u, debugged_hang_ms / TemplateProcess::tick_ms));
  int told = -1;
  const auto tick = [&] {
    if (const int worker = process.worker_pid(); worker != told) debugger.tell_worker(told = worker);
    if (!debugger.has_started()) debugger.start();
    // One that sleeps in a system call of the map's is woken as ever; one that is held in the debugger does not sleep.
    const auto advice = silence.look(live.heartbeat.load(), false, [&] { return process.activity(); });
    if (advice == Silence::Advice::wake) process.interrupt_worker();
    // The debugger first: nobody hears of the death of a process that it holds.
    if (request.stop && request.stop()) debugger.end();
    return !debugger.has_ended();
  };
  int status = 0;
  return process.serve(live, tick, status);
}

}  // namespace

std::string found_in_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0 ? program : "";
  while (!rest.empty()) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), directory.size() + 1));
    std::string file = std::string(directory.empty() ? "." : directory) + '/' + program;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

Result<int> debug(const MapInfo& map, const DebugRequest& request) {
  Result<Slot> slot = Slot::create();
  if (!slot) return slot.error();
  Result<TemplateProcess> process = TemplateProcess::start(map.plugin, map.index, &*slot);
  if (!process) return process.error();
  slot->ask({DebugTask{request.input, request.outcome}, {.limits = {debugged_hang_ms}, .shows_output = true}});
  const SignalsLeftAlone signals;
  Debugger debugger(request);
  for (;;) {
    const TemplateProcess::Ended ended = serve_once(*process, slot->live(), debugger, request);
    if (debugger.has_ended()) return debugger.exit_code();
    if (ended != TemplateProcess::Ended::template_died) continue;
    Result<TemplateProcess> another = TemplateProcess::start(map.plugin, map.index, &*slot);
    if (!another) return another.error();
    *process = std::move(*another);
  }
}

}  // namespace mapquake
