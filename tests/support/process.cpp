#include "tests/support/process.hpp"

#include "tests/support/places.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace mapquake::testing_support {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(unsigned i) {
    if (ends[i] >= 0) ::close(ends[i]);
    ends[i] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    // What this test executable was told of shards and filters does not concern one that it starts.
    if (text.starts_with("GTEST_")) continue;
    if (!command.environment.contains(text.substr(0, text.find('=')))) variables.push_back(text);
  }
  for (const auto& [name, value] : command.environment) {
    if (!value.empty()) variables.push_back(name + "=" + value);
  }
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// 0 where it could not be started.
pid_t start(const Command& command, Pipe& in, Pipe& out, Pipe& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  if (!command.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::vector<std::string> words = command.argv;
  std::vector<std::string> variables = environment_of(command);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, words.at(0).c_str(), &actions, &attributes, pointers_to(words).data(),
                                   pointers_to(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : 0;
}

/// Reads both until they are closed; false when the deadline came first.
bool drain(Pipe& out, Pipe& err, ProcessResult& result, Clock::time_point deadline) {
  std::array<char, 65536> buffer;
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    const auto left_ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left_ms <= 0) return false;
    std::array<pollfd, 2> watched{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), static_cast<int>(left_ms));
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      const ssize_t count = ::read(watched[i].fd, buffer.data(), buffer.size());
      if (count > 0) (i == 0 ? result.out : result.err).append(buffer.data(), static_cast<std::size_t>(count));
      if (count == 0) (i == 0 ? out : err).close_end(0);
    }
  }
  return true;
}

}  // namespace

ProcessResult run(const Command& command) {
  ProcessResult result;
  Pipe in, out, err;
  const auto deadline = Clock::now() + command.timeout_s;
  const pid_t pid = start(command, in, out, err);
  if (pid == 0) {
    result.exit_code = 127;
    return result;
  }
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  // At most a pipe full, so this never blocks; a reader that has ended already is not an error here.
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  [[maybe_unused]] const auto written = ::write(in.ends[1], command.input.data(), command.input.size());
  ::signal(SIGPIPE, before);
  in.close_end(1);
  result.timed_out = !drain(out, err, result, deadline);
  if (result.timed_out) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

ProcessResult run(std::vector<std::string> argv, const std::filesystem::path& directory,
                  std::map<std::string, std::string> environment, std::chrono::seconds timeout_s) {
  Command command;
  command.argv = std::move(argv);
  command.environment = std::move(environment);
  command.directory = directory;
  command.timeout_s = timeout_s;
  return run(command);
}

ProcessResult run_mapquake(std::vector<std::string> arguments, std::chrono::seconds timeout_s) {
  Command command;
  command.argv = std::move(arguments);
  command.argv.insert(command.argv.begin(), mapquake_binary().string());
  command.timeout_s = timeout_s;
  return run(command);
}

}  // namespace mapquake::testing_support
