// The template process: loads the plugin once and forks workers from that state.
#pragma once

namespace mapquake {

/// To be called first thing in main(): where this process was started as a template or worker, does that work and
/// never returns.
void serve_if_child(int argc, char** argv);

}  // namespace mapquake
