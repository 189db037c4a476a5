// Notes what map code asks of things that nobody controls. What comes of it is seen only where two executions of one
// case part; then the last note before that is the likely cause.
#pragma once

#include "harness/history/uncontrolled.hpp"

#include <cstdint>
#include <span>

namespace mapquake::runtime {

/// `name` may be null. Cheap, and may be called outside executions, where it does nothing.
void note_uncontrolled(Source source, std::uint64_t number, const char* name);
/// Of this execution, or the last one.
std::span<const Uncontrolled> uncontrolled();
void reset_uncontrolled();

}  // namespace mapquake::runtime
