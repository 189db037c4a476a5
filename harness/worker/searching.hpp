// One case, or the schedules of one program. In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

// Choices and the trace go into the slot; executions are counted there, and its stop is heeded.

Execution serve_execute(const Slot& slot, const ExecuteTask& task, MapRunner& runner);
/// Without SearchResult::executions, which the live figures have.
SearchResult serve_search(const Slot& slot, const SearchRequest& request, MapRunner& runner);
/// A search of SearchKind::all_orders; proof.cpp
SearchResult serve_proof(const Slot& slot, const SearchRequest& request, MapRunner& runner);

}  // namespace mapquake
