// The border between the map and the libraries that came with it without instrumentation. What they do is not seen, so
// a call into one is taken to order its thread behind all that every thread has done, and to tell all that its thread
// has done to others: races are looked for in the map's own code, one may be missed round such calls, and none is made
// up (memory/happens_before.hpp).
//
// The calls are seen by thunks: every word through which instrumented code reaches a function of such a library names a
// thunk that tells of the call and jumps on. Those words are the imports and tables of the instrumented objects, and of
// the library its tables of virtual functions and the variables that instrumented objects name. Other tables stay: a
// library may compare what is in them with its functions. Not seen, therefore: a function that the library hands out
// otherwise, or that dlsym() finds, if it orders threads by itself.
#pragma once

#include "harness/memory/image.hpp"

namespace mapquake::runtime {

/// Puts the thunks in place. Requires: learn_map_code(before) was called, and nothing of the map has run. Costs about
/// a millisecond for a library of a megabyte.
void watch_library_calls(const memory::LoadedObjects& before);

}  // namespace mapquake::runtime
