// A wrong map that prints: what it says must not stand between the lines of a campaign.
#include <mapquake/adapter.hpp>

#include <cstdio>
#include <iostream>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

class TalkingMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
  };
  static constexpr mapquake::Expectation expected{.outcomes = "not linearizable", .threads = 1, .operations = 1};

  bool insert(Key k, Value v) {
    std::printf("insert(%d, %d)\n", static_cast<int>(k.id), static_cast<int>(v.number));
    std::cerr << "forgotten\n";
    return true;
  }
  std::optional<Value> find(Key) { return std::nullopt; }
};

MAPQUAKE_MAP("talking_map", TalkingMap);

}  // namespace
