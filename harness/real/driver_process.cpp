#include "harness/real/driver_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

extern "C" char** environ;

namespace mapquake::real {
namespace {

struct Pipe {
  int reading = -1, writing = -1;
};
std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{ends[0], ends[1]};
}

void close_if_open(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

constexpr int tick_ms = 50;

}  // namespace

std::string text_of(const Ending& ending) {
  switch (ending.how) {
    case Ended::done:
      return "done";
    case Ended::crashed:
      return fmt::format("crashed (SIG{})", ::sigabbrev_np(ending.signal) ? ::sigabbrev_np(ending.signal) : "?");
    case Ended::hung:
      return "hung";
    case Ended::failed:
      return ending.why;
    case Ended::interrupted:
      return "interrupted";
  }
  return {};
}

Result<DriverProcess> DriverProcess::start(const std::filesystem::path& driver, const Job& job) {
  auto messages = make_pipe();
  auto permits = make_pipe();
  if (!messages || !permits) return Error{ExitCode::input_output, fmt::format("no pipe: {}", std::strerror(errno)), ""};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  // Out of the way first: the pipes may have these very numbers.
  const int writing = ::fcntl(messages->writing, F_DUPFD_CLOEXEC, 10);
  const int reading = ::fcntl(permits->reading, F_DUPFD_CLOEXEC, 10);
  ::posix_spawn_file_actions_adddup2(&actions, writing, message_descriptor);
  ::posix_spawn_file_actions_adddup2(&actions, reading, permit_descriptor);
  std::string name = driver.string();
  std::string task = encode(job);
  const std::array<char*, 3> words{name.data(), task.data(), nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, name.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  for (int file : {writing, reading, messages->writing, permits->reading}) close_if_open(file);
  if (error != 0) {
    close_if_open(messages->reading);
    close_if_open(permits->writing);
    return Error{ExitCode::input_output, fmt::format("{}: cannot be started: {}", name, std::strerror(error)),
                 "It belongs next to the mapquake executable: `ninja mapquake` and `make install` put it there."};
  }
  return DriverProcess(pid, messages->reading, permits->writing);
}

DriverProcess::DriverProcess(DriverProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      messages_(std::exchange(other.messages_, -1)),
      permits_(std::exchange(other.permits_, -1)),
      buffer_(std::move(other.buffer_)),
      ending_(std::move(other.ending_)) {}

DriverProcess::~DriverProcess() {
  if (pid_ > 0) end(Ended::interrupted);
  close_if_open(messages_);
  close_if_open(permits_);
}

void DriverProcess::permit() {
  // A driver that has ended is noticed by next().
  const char one = 1;
  struct sigaction ignored {};
  struct sigaction before {};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignored, &before);
  [[maybe_unused]] const ssize_t written = ::write(permits_, &one, 1);
  ::sigaction(SIGPIPE, &before, nullptr);
}

void DriverProcess::end(Ended how) {
  if (how != Ended::done) ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (how != Ended::done) {
    ending_.how = how;
  } else if (WIFSIGNALED(status)) {
    ending_ = {Ended::crashed, WTERMSIG(status)};
  } else if (WEXITSTATUS(status) != 0 && ending_.how == Ended::done) {
    ending_ = {Ended::failed, 0, fmt::format("ended with exit code {}", WEXITSTATUS(status))};
  }
}

std::optional<Message> DriverProcess::message_in_buffer() {
  const std::size_t at = buffer_.find('\n');
  if (at == std::string::npos) return std::nullopt;
  auto message = decode_message(buffer_.substr(0, at));
  buffer_.erase(0, at + 1);
  MQ_ASSERT(message);
  if (!message->error.empty()) ending_ = {Ended::failed, 0, message->error};
  return message;
}

std::optional<Message> DriverProcess::next(double patience_seconds, const std::function<bool()>& stop) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::duration<double>(patience_seconds);
  for (;;) {
    if (auto message = message_in_buffer()) return message;
    if (pid_ < 0) return std::nullopt;
    if (stop()) {
      end(Ended::interrupted);
      return std::nullopt;
    }
    if (Clock::now() > until) {
      end(Ended::hung);
      return std::nullopt;
    }
    pollfd waiting{messages_, POLLIN, 0};
    if (::poll(&waiting, 1, tick_ms) <= 0) continue;
    std::array<char, 65536> bytes{};
    const ssize_t count = ::read(messages_, bytes.data(), bytes.size());
    if (count > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    if (count == 0) end(Ended::done);
  }
}

std::filesystem::path driver_for(const std::filesystem::path& executable) {
  return executable.parent_path() / "mapquake-driver";
}

Result<std::vector<RealMap>> describe_plugin(const std::filesystem::path& driver, const std::filesystem::path& plugin) {
  Job job;
  job.plugin = plugin.string();
  auto process = DriverProcess::start(driver, job);
  if (!process) return process.error();
  std::vector<RealMap> maps;
  constexpr double patience_seconds = 20;
  while (auto message = process->next(patience_seconds, [] { return false; })) {
    maps.insert(maps.end(), message->maps.begin(), message->maps.end());
  }
  if (process->ending().how == Ended::done) return maps;
  return Error{ExitCode::bad_input, fmt::format("{}: {}", plugin.string(), text_of(process->ending())),
               "It is the map as built for real threads. Libraries follow `--`: -- -Llib -lmy_map"};
}

}  // namespace mapquake::real
