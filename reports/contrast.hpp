// What is different where nothing goes wrong.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/store/replay_file.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// "Passes: where A goes on at lock my_map.hpp:88 and B waits. First difference: B's get_or_create(1, 11) says 10
/// instead of 11." `passing` is the failing case without the choice `left_out`. Requires: failing.trace was recorded.
std::string contrast_text(const Execution& failing, const Execution& passing, const StoredChoice& left_out,
                          const SiteFunction& site, std::size_t width);

}  // namespace mapquake::reports
