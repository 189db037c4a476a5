// Cases with something left out. Leaving out a thread or an operation renumbers those behind it, so the choices are
// moved to their new addresses; the choices of what is gone go with it.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace mapquake {

/// Without program thread `thread` (from 0). Threads that the map starts keep their place behind the program's.
Case without_thread(const Case& input, std::size_t thread);

/// As if this thread, which the program or the map itself starts, were not started: without the choices [begin, end),
/// which made it so, and those of the thread.
Case without_started_thread(const Case& input, ThreadId id, std::size_t begin, std::size_t end);

/// Without the operations [begin, end) in the order of threads and then of operations. A thread that has none left is
/// left out as a whole.
Case without_operations(const Case& input, std::size_t begin, std::size_t end);

Case without_prefill(const Case& input, std::size_t begin, std::size_t end);
/// Without the choices of these indexes.
Case without_choices(const Case& input, std::span<const std::size_t> indexes);

/// The choices that are no switches: what a search for another schedule pins.
std::vector<Choice> faults_of(std::span<const Choice> choices);

/// How old a value is counts from the newest, so in another program or schedule the same store has another number: the
/// choices with one stale read changed, for each of them and each small age. None where there are many.
std::vector<std::vector<Choice>> other_ages(std::span<const Choice> choices);

}  // namespace mapquake
