// Read first in builds for real threads (`mapquake bench`, `mapquake stress`), where nothing is instrumented: what
// stands between harness and map may be inlined there, so that the map's own time is what is measured. Adapters do not
// need it.
#pragma once

#include <mapquake/host.hpp>

#undef MAPQUAKE_GLUE
#define MAPQUAKE_GLUE
