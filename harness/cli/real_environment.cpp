#include "harness/cli/environment.hpp"
#include "harness/parent/symbolizer.hpp"

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

/// $MAPQUAKE_INCIDENTS, else next to the executable (in a build tree), else where an installation has them.
std::filesystem::path incident_directory(const std::filesystem::path& executable) {
  if (const char* const given = std::getenv("MAPQUAKE_INCIDENTS")) return given;
  const std::filesystem::path here = executable.parent_path();
  std::error_code error;
  if (std::filesystem::is_directory(here / "incidents", error)) return here / "incidents";
  return here.parent_path() / "share" / "mapquake" / "incidents";
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
      .incidents = incident_directory(executable),
      .bundled_maps = mapquake::bundled_maps,
      .read_plugin = mapquake::read_plugin,
      .make_executor = mapquake::make_executor,
      .make_symbolizer = [](const MapInfo& map) -> SiteFunction {
        return [symbolizer = std::make_shared<Symbolizer>(map)](std::uint64_t pc) -> const Site& {
          return symbolizer->site(pc);
        };
      },
      .shrink_case = mapquake::shrink,
      .signal = &received_signal(),
  };
}

}  // namespace mapquake::cli
