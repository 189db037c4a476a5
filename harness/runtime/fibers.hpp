// Boost.Fiber, and nothing of it outside fibers.cpp: a pool of fibers that switch to whichever one is named. Boost's
// algorithm interface (boost/fiber/algo/algorithm.hpp) is answered with a fixed target; who that is, scheduler.cpp
// decides before it asks.
#pragma once

#include <cstdint>

namespace mapquake::runtime {

/// Takes over the calling OS thread, which from now on is the context `outside`. Call once per worker process.
void open_fibers();

/// Makes fiber number `index` (consecutive, from 0), which will run body(index) for ever: body must never return.
/// Its stack is memory::stack number `index`. Called from any fiber or from outside. About 5 µs.
void make_fiber(unsigned index, void (*body)(unsigned index));
unsigned fibers_made();

/// Leaves the running context and continues fiber `index`; comes back when someone switches here again. Requires: the
/// real FS base is set, and `index` is not the running one.
void switch_to_fiber(unsigned index);
/// As above, to the context that called open_fibers().
void switch_outside();

}  // namespace mapquake::runtime
