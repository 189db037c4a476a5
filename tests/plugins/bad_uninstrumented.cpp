// A map compiled without -fsanitize=thread (tests/CMakeLists.txt): every race in it would pass for a clean run.
#include <mapquake/adapter.hpp>

#include <map>

struct Unseen {
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations};
  bool insert(mapquake::Key key, mapquake::Value value) { return map_.emplace(key, value).second; }

 private:
  std::map<mapquake::Key, mapquake::Value> map_;
};
MAPQUAKE_MAP("unseen", Unseen);
