// A mapquake that runs while the test does something to it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mapquake::testing_support {

class RunningMapquake {
 public:
  /// Starts it with standard output and error in files, so that nobody has to read them meanwhile.
  RunningMapquake(std::vector<std::string> arguments, const std::filesystem::path& directory);
  /// Kills what is left of it.
  ~RunningMapquake();
  RunningMapquake(const RunningMapquake&) = delete;
  RunningMapquake& operator=(const RunningMapquake&) = delete;

  int pid() const { return pid_; }
  void signal(int number) const;
  /// 128 + signal where one ended it. Blocks; it must end by itself.
  int wait();
  std::string out() const;
  std::string err() const;

  /// Children (template processes) and their children (workers), as long as they are no zombies.
  std::vector<int> templates() const;
  std::vector<int> workers() const;

 private:
  int pid_ = -1;
  int exit_code_ = -1;
  bool ended_ = false;
  std::filesystem::path directory_;
};

/// Processes whose parent it is, zombies left out.
std::vector<int> children_of(int pid);
/// Processor time that it has used so far.
double cpu_seconds_of(int pid);
/// Exists and is no zombie.
bool is_alive(int pid);
/// Asks until the answer is true; false after half a minute.
bool eventually(const std::function<bool()>& answer);

}  // namespace mapquake::testing_support
