// What a worker does by itself: explore a scenario's programs, or search one program's schedules. In the worker
// process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// Publishes the case and the answer of one execution in the slot.
void publish(const Slot& slot, const MapRunner& runner, const Violation& violation);

/// The recording that goes into the slot.
runtime::Recording recording_into(const Slot& slot, bool trace);

/// Counts one execution in the live figures.
void tally(SlotHeader& header);

/// What an explored execution shows of the map's phases.
void note_phases(SlotHeader& header, const History& history);

/// Requests as they stand in the slot's header; answers there.
void serve_execute(const Slot& slot, MapRunner& runner);
void serve_search(const Slot& slot, MapRunner& runner);
/// A search of SearchKind::all_orders; proof.cpp
void serve_proof(const Slot& slot, MapRunner& runner);
void serve_explore(const Slot& slot, MapRunner& runner);

}  // namespace mapquake
