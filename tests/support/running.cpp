#include "tests/support/running.hpp"

#include "tests/support/places.hpp"
#include "tests/support/text_of.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace mapquake::testing_support {
namespace {

struct ProcessState {
  char state = 0;  ///< 0: there is none
  int parent = 0;
};

ProcessState state_of(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return {};
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  ProcessState state;
  rest >> state.state >> state.parent;
  return state;
}

}  // namespace

RunningMapquake::RunningMapquake(std::vector<std::string> arguments, const std::filesystem::path& directory)
    : directory_(directory) {
  arguments.insert(arguments.begin(), mapquake_binary().string());
  std::vector<char*> words;
  for (std::string& word : arguments) words.push_back(word.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string out = directory / "stdout", err = directory / "stderr";
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = ::posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + arguments[0]);
}

RunningMapquake::~RunningMapquake() {
  if (ended_) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void RunningMapquake::signal(int number) const {
  ::kill(pid_, number);
}

int RunningMapquake::wait() {
  int status = 0;
  while (!ended_ && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended_) exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended_ = true;
  return exit_code_;
}

std::string RunningMapquake::out() const {
  return text_of(directory_ / "stdout");
}

std::string RunningMapquake::err() const {
  return text_of(directory_ / "stderr");
}

std::vector<int> RunningMapquake::templates() const {
  return children_of(pid_);
}

std::vector<int> RunningMapquake::workers() const {
  std::vector<int> workers;
  for (const int child : templates()) {
    for (const int worker : children_of(child)) workers.push_back(worker);
  }
  return workers;
}

std::vector<int> children_of(int parent) {
  std::vector<int> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const ProcessState state = state_of(std::stoi(name));
    if (state.state != 0 && state.state != 'Z' && state.parent == parent) children.push_back(std::stoi(name));
  }
  return children;
}

double cpu_seconds_of(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/schedstat");
  double ns = 0;
  in >> ns;
  return ns * 1e-9;
}

bool is_alive(int pid) {
  const ProcessState state = state_of(pid);
  return state.state != 0 && state.state != 'Z' && state.state != 'X';
}

bool eventually(const std::function<bool()>& answer) {
  for (int i = 0; i < 3'000; ++i) {
    if (answer()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace mapquake::testing_support
