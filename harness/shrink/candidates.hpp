// Programs that do the same kind of thing with less: fewer threads for the same operations, smaller arguments, plainer
// construction. Pure functions; most telling candidate first. None of the answers equals its input.
#pragma once

#include "harness/history/program.hpp"

#include <vector>

namespace mapquake {

/// Two threads made one, each pair both ways round.
std::vector<Program> with_threads_merged(const Program& program);
/// A thread's first operation, where it adds an entry that is not there, made a prefill entry.
std::vector<Program> with_insert_hoisted(const Program& program);
/// The last prefill entry made by the only operation, in place of what that does: what breaks while the map is filled
/// happens within an operation then, whose steps can be told. Nothing where there are more.
std::vector<Program> with_filling_made(const Program& program);
/// Good hash, no capacity hint, no construction from a range: all at once, then one by one.
std::vector<Program> with_plain_construction(const Program& program);
/// Keys 1, 2, … in their order; the same with parities kept (erase_if minds them); two keys made one; numbers of
/// reserve and parities of erase_if made smaller.
std::vector<Program> with_smaller_keys(const Program& program);
/// All values canonical (measure.hpp); then one by one.
std::vector<Program> with_plain_values(const Program& program);
/// Two neighbouring threads swapped: a failure that needs B to go first is easier to read when B is called A.
std::vector<Program> with_threads_swapped(const Program& program);

}  // namespace mapquake
