// Was not linked with everything that it needs.
#include "probe.hpp"

void function_that_nobody_defines();

namespace {

struct Undefined {
  static constexpr const char* about = "cannot be loaded";
  static void run() { function_that_nobody_defines(); }
};
MAPQUAKE_MAP("bad_undefined", probe::Probe<Undefined>);

}  // namespace
