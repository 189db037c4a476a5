#include "harness/compile/process.hpp"

#include "harness/base/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace mapquake::compile {
namespace {

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<Finished> run_process(std::span<const std::string> words, Output output) {
  std::array<int, 2> ends{-1, -1};
  if (output == Output::collected && ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Error{ExitCode::input_output, fmt::format("no pipe: {}", std::strerror(errno)), ""};
  }
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  FileActions actions;
  ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(actions.get(), output == Output::collected ? writing.number() : STDERR_FILENO,
                                     STDOUT_FILENO);
  std::vector<std::string> copies(words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : copies) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, argv[0], actions.get(), nullptr, argv.data(), environ);
  if (problem != 0) {
    return Error{ExitCode::bad_input, fmt::format("{}: {}", words.front(), std::strerror(problem)),
                 "Install the compiler, or name another: CXX=clang++ for C++, CC=clang for C."};
  }
  writing.close();
  Finished finished;
  if (output == Output::collected) finished.output = read_all(reading.number());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

}  // namespace mapquake::compile
