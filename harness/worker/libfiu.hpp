// libfiu between the map and the choices of an execution: points of failure that a map declares with fiu_fail("name")
// (fiu_do_on, fiu_return_on), and allocations, which are the point "libc/mm/malloc" as in libfiu's own preload library.
// Every point is enabled with fiu_enable_external, whose callback asks the strategy; nothing here is random.
//
// fiu_fail itself is interposed: a point is discovered when map code reaches it, and costs a comparison and a look-up
// in a short list while ChoiceKind::declared is not enabled. A plugin may link libfiu or leave it undefined.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mapquake::fault {

/// Names longer than this are cut; points beyond the most are not told apart.
inline constexpr std::size_t point_name_max = 64;
inline constexpr std::size_t points_max = 64;

/// Once per worker process, before the first execution.
void open_libfiu();

/// FaultPlan::ask_allocation: 0: succeeds, 1: this one fails, 2: this one and all later ones of the operation fail.
std::uint32_t ask_allocation(std::uint64_t pc);

/// From now on only these points fire, one per line; empty: all of them.
void allow_points(std::string_view lines);

/// The points that map code has reached in this process, in order of appearance, one per line.
std::string discovered_points();

}  // namespace mapquake::fault
