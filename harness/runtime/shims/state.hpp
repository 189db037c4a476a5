// The parts of shims_reset().
#pragma once

namespace mapquake::runtime {

void reset_lock_holds();
void reset_vain_wakes();
void reset_mappings();
void reset_keys();
void reset_threads();
void reset_environment();
void reset_random();
void reset_signals();
void reset_descriptors();
void reset_throws();

/// The current thread is given up for an exception that nobody caught: what is reported is where it was thrown.
void stand_where_thrown();

}  // namespace mapquake::runtime
