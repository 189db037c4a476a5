// The parts of shims_reset().
#pragma once

namespace mapquake::runtime {

void reset_keys();
void reset_threads();
void reset_random();
void reset_signals();
void reset_descriptors();

}  // namespace mapquake::runtime
