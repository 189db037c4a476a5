// A plugin of an earlier adapter interface: what follows magic and version may be laid out otherwise, and is not looked
// at.
#include <mapquake/abi.hpp>

extern "C" __attribute__((visibility("default"))) const mapquake::abi::Plugin* mapquake_plugin() {
  struct Old {
    std::uint64_t magic;
    std::uint32_t version;
  };
  static constexpr Old plugin{mapquake::abi::magic, mapquake::abi::version - 1};
  return reinterpret_cast<const mapquake::abi::Plugin*>(&plugin);
}
