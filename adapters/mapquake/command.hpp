// `mapquake run` for one body, in a process of its own. For the test executable; the plugin never includes this.
#pragma once

#include <mapquake/check_result.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#if !defined(MAPQUAKE_EXECUTABLE) || !defined(MAPQUAKE_BODIES_FILE) || !defined(MAPQUAKE_STORE)
#error "mapquake: build this test with mapquake_add_gtest(); it says where mapquake and the test's bodies are"
#endif

namespace mapquake::detail {

struct CommandResult {
  int exit_code = -1;  ///< -1: it could not be started or was ended by a signal
  std::string output;  ///< standard output and standard error
};

inline CommandResult run_command(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {-1, "pipe2 failed"};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  CommandResult result;
  if (error == 0) {
    char buffer[4096];
    for (;;) {
      const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      result.output.append(buffer, static_cast<std::size_t>(got));
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  } else {
    result.output = words[0] + " cannot be started";
  }
  ::close(ends[0]);
  return result;
}

/// The first string field of that name in a line of JSON; empty where there is none.
inline std::string json_text(const std::string& json, const std::string& field) {
  const std::string key = '"' + field + "\":\"";
  std::size_t at = json.find(key);
  std::string text;
  if (at == std::string::npos) return text;
  for (at += key.size(); at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\' && at + 1 < json.size()) ++at;
    text += json[at];
  }
  return text;
}

inline CheckResult run_mapquake(const std::string& body, const CheckOptions& options) {
  const char* const other = std::getenv("MAPQUAKE");
  std::string report = std::string(MAPQUAKE_STORE "/report-XXXXXX");
  ::mkdir(MAPQUAKE_STORE, 0777);
  const int file = ::mkstemp(report.data());
  if (file < 0) return {-1, "", "", "cannot write to " MAPQUAKE_STORE};
  ::close(file);
  std::vector<std::string> words{other != nullptr ? other : MAPQUAKE_EXECUTABLE,
                                 "run",
                                 "--plugin",
                                 MAPQUAKE_BODIES_FILE,
                                 "--program",
                                 body,
                                 "--executions",
                                 std::to_string(options.executions),
                                 "--seed",
                                 std::to_string(options.seed),
                                 "--stop-at-first",
                                 "--strategy",
                                 options.strategy,
                                 "--store",
                                 MAPQUAKE_STORE,
                                 "--out",
                                 report,
                                 "--json"};
  if (*options.faults != '\0') words.insert(words.end(), {"--faults", options.faults});
  const CommandResult ran = run_command(words);
  std::ifstream in(report);
  CheckResult result{ran.exit_code, "", "", std::string(std::istreambuf_iterator<char>(in), {})};
  std::remove(report.c_str());
  if (ran.exit_code == 1) {
    result.outcome = json_text(ran.output, "outcome");
    result.replay = json_text(ran.output, "replay");
  } else if (ran.exit_code != 0) {
    result.text = ran.output;
  }
  return result;
}

}  // namespace mapquake::detail
