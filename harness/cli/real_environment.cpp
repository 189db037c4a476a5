#include "harness/cli/environment.hpp"
#include "harness/parent/symbolizer_cache.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>

namespace mapquake::cli {
namespace {

std::atomic<int>& received_signal() {
  static std::atomic<int> signal{0};
  return signal;
}
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

void on_signal(int number) {
  if (received_signal().exchange(number) != 0) ::_exit(128 + number);
}

void install_handlers() {
  received_signal();  // constructed here, not in the handler
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

unsigned terminal_columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::clamp<unsigned>(size.ws_col, 60, 200);
}

/// What the variable says, else next to the executable (in a build tree), else where an installation has it.
std::filesystem::path data_directory(const std::filesystem::path& executable, const char* name, const char* variable) {
  if (const char* const given = std::getenv(variable)) return given;
  const std::filesystem::path here = executable.parent_path();
  std::error_code error;
  if (std::filesystem::is_directory(here / name, error)) return here / name;
  return here.parent_path() / "share" / "mapquake" / name;
}

/// Ends within a second of a signal, whatever runs.
Result<std::unique_ptr<Executor>> make_interruptible_executor(const MapInfo& map, const Limits& limits) {
  auto made = mapquake::make_executor(map, limits);
  if (made) (*made)->heed([] { return received_signal() != 0; });
  return made;
}

}  // namespace

Environment real_environment() {
  install_handlers();
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  const char* kind = std::getenv("TERM");
  const bool capable = terminal && kind != nullptr && std::string_view(kind) != "dumb";
  const char* no_colour = std::getenv("NO_COLOR");
  std::error_code ignored;
  const std::filesystem::path executable = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return {
      .out = std::cout,
      .err = std::cerr,
      .live = capable,
      .colour = capable && (no_colour == nullptr || *no_colour == '\0'),
      .columns = terminal_columns(),
      .executable = executable,
      .scenarios = all_scenarios(),
      .incidents = data_directory(executable, "incidents", "MAPQUAKE_INCIDENTS"),
      .cases = data_directory(executable, "cases", "MAPQUAKE_CASES"),
      .gdb = data_directory(executable, "gdb", "MAPQUAKE_GDB"),
      .bundled_maps = mapquake::bundled_maps,
      .read_plugin = mapquake::read_plugin,
      .build_plugin =
          [executable](const compile::Request& request) {
            return compile::build(request, compile::place_for(executable));
          },
      .make_executor = make_interruptible_executor,
      .make_symbolizer = [cache = std::make_shared<SymbolizerCache>()](const MapInfo& map) { return cache->of(map); },
      .shrink_case = mapquake::shrink,
      .signal = &received_signal(),
  };
}

}  // namespace mapquake::cli
