// Where two executions of one case part, and what most likely makes them.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace mapquake {

/// Facts; text_of() has the words.
struct Divergence {
  std::size_t step = 0;           ///< index of the first event that differs; that many were equal
  std::optional<TraceEvent> one;  ///< empty: that execution had ended
  std::optional<TraceEvent> other;
  std::optional<Uncontrolled> asked;  ///< the last thing that was asked before, of what mapquake does not control
  /// Each in a fresh process, executions are alike; in one process, a later one differs from the first.
  bool left_by_earlier = false;
};

/// Executes the case a few times, with trace, in one process and in fresh ones. Empty: they were all alike.
/// Cost: 8 executions at most.
std::optional<Divergence> find_divergence(Executor& executor, const Case& input);

/// "Step 57, A's insert(4, 40): atomic add, my_map.hpp:35; the other time: lock, my_map.hpp:36. Most likely …" One
/// paragraph, without line breaks. `site` tells places of the map.
std::string text_of(const Divergence& divergence, const Program& program, const SiteFunction& site);

}  // namespace mapquake
