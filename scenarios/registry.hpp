// The bundled scenarios. One file each.
#pragma once

#include "scenarios/scenario.hpp"

namespace mapquake {

const Scenario& mixed_operations();
const Scenario& read_mostly();
const Scenario& iterate_while_writing();
const Scenario& erase_while_iterating();
const Scenario& ttl_sweep();
const Scenario& rehash_pressure();
const Scenario& load_spike();
const Scenario& get_or_create();
const Scenario& moving_window();
const Scenario& single_thread();
const Scenario& allocation_sweep();
const Scenario& program();

}  // namespace mapquake
