// Runs a command as a user would and says what came of it.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mapquake::testing_support {

struct Command {
  std::vector<std::string> argv;                   ///< argv[0] is looked up in $PATH
  std::map<std::string, std::string> environment;  ///< in addition to ours; an empty value removes the name
  std::filesystem::path directory;                 ///< empty: ours
  std::string input;                               ///< standard input; at most 64 KiB
  std::chrono::seconds timeout_s{120};             ///< after which the whole process group is killed
};

struct ProcessResult {
  int exit_code = -1;      ///< 128 + signal where one ended it, as in a shell; 127 where it could not be started
  bool timed_out = false;  ///< then exit_code is 137
  std::string out;
  std::string err;
};

/// Blocks until the command has ended and both its outputs are closed.
ProcessResult run(const Command& command);

ProcessResult run(std::vector<std::string> argv, const std::filesystem::path& directory,
                  std::map<std::string, std::string> environment = {},
                  std::chrono::seconds timeout_s = std::chrono::seconds(300));

/// `mapquake ARGUMENTS…`, see places.hpp.
ProcessResult run_mapquake(std::vector<std::string> arguments,
                           std::chrono::seconds timeout_s = std::chrono::seconds(120));

}  // namespace mapquake::testing_support
