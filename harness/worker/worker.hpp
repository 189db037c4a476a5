// The worker process: runs map code, and may die of it.
#pragma once

#include <mapquake/abi.hpp>

namespace mapquake {

/// Serves requests until the parent goes away. Requires: just forked from a template that opened the plugin.
[[noreturn]] void serve_worker(const abi::Plugin& plugin, const abi::Map& map);

}  // namespace mapquake
