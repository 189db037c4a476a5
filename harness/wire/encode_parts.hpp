// How the parts of messages cross that several of them have. Within wire/ only.
#pragma once

#include "harness/wire/messages.hpp"

namespace mapquake::wire {

Program take_program(ByteReader& bytes);
void put_case(const Case& input, ByteWriter& bytes);
Case take_case(ByteReader& bytes);
void put_execution(const Execution& execution, ByteWriter& bytes);
Execution take_execution(ByteReader& bytes);
void put_map_state(const MapState& state, ByteWriter& bytes);
MapState take_map_state(ByteReader& bytes);

}  // namespace mapquake::wire
