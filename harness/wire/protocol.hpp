// What parent, template process and worker say to each other. The parent starts a template, which loads the plugin and
// describes it; on demand it forks a worker, and tells of its death. Everything large goes through the slot.
#pragma once

#include "harness/base/result.hpp"
#include "harness/case/map_info.hpp"

#include <cstdint>
#include <string>

namespace mapquake {

/// Descriptors of a template process and its workers.
inline constexpr int control_descriptor = 3;  ///< template: packets to and from the parent
inline constexpr int work_descriptor = 4;     ///< worker: packets to and from the parent
inline constexpr int slot_descriptor = 5;     ///< absent in a template that only describes

inline constexpr const char* child_flag = "--mapquake-template";

/// The signal (SIGALRM) by which the parent tells a worker that it waits in a system call of the map's, and that
/// nothing will end the wait: the execution is given up as a hang. Without effect while harness code runs.
inline constexpr int interrupt_signal = 14;

/// Parent to template.
enum class Order : std::uint32_t { fork_worker = 1 };

/// Template to parent.
struct Notice {
  enum class Kind : std::uint32_t { born, died } kind;
  int pid;
  int status;  ///< died: as waitpid gives it
};

/// The template's first packet: the plugin's maps (worker/describe_plugin.hpp), or why there are none.
std::string describe_error(const Error& error);
/// Reads either. Errors that travelled are answered as errors; so is anything unreadable.
Result<std::vector<MapInfo>> parse_description(const std::string& text);

inline constexpr std::size_t description_bytes_max = 160 * 1024;

}  // namespace mapquake
