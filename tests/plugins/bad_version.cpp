// A plugin of an adapter interface that does not exist yet.
#include <mapquake/abi.hpp>

extern "C" __attribute__((visibility("default"))) const mapquake::abi::Plugin* mapquake_plugin() {
  static constexpr mapquake::abi::Plugin plugin{mapquake::abi::magic, mapquake::abi::version + 1, 0, nullptr, nullptr};
  return &plugin;
}
