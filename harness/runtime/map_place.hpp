// Where in the map's own code a call came from. Interposed functions know their caller, but std::thread::join() and
// std::condition_variable::wait() are code of the system's libraries: what a reader wants is the line that called them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapquake::runtime {

/// Learns which code is the harness's and the system's libraries'. Call once the plugin is loaded.
void find_foreign_code();

/// `pc` where it is the map's, else the innermost return address on this stack that is; `pc` again where there is none.
/// 0 (the harness's own events) stays 0. Costs microseconds where it must look: only for traces and at the end of an
/// execution.
std::uint64_t place_in_map(std::uint64_t pc);

/// Whether an address lies in code of the map's: its plugin, or libraries that it brought.
bool is_map_code(std::uint64_t pc);

/// The return addresses on this stack that are the map's, innermost first; answers how many.
std::size_t map_frames(std::span<std::uint64_t> frames);

}  // namespace mapquake::runtime
