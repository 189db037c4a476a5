#include <mapquake/adapter.hpp>

#include "my_map.hpp"

struct MyMapAdapter {
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "my_map.hpp, first line",
  };
  bool insert(mapquake::Key k, mapquake::Value v) { return map_.insert(k, v); }
  std::optional<mapquake::Value> find(mapquake::Key k) const { return map_.get(k); }
  bool erase(mapquake::Key k) { return map_.remove(k); }
  template <class Visit>
  void for_each(Visit visit) const {
    map_.visit_all(visit);
  }

 protected:
  MyMap<mapquake::Key, mapquake::Value> map_;
};
MAPQUAKE_MAP("my_map", MyMapAdapter);

// The same map, used wrongly: between the look-up and the insert another thread may insert the key.
struct CheckThenInsert : MyMapAdapter {
  static constexpr mapquake::Expectation expected{.outcomes = "not linearizable", .threads = 2, .operations = 2};
  bool insert(mapquake::Key k, mapquake::Value v) {
    if (map_.get(k)) return false;
    map_.insert(k, v);
    return true;
  }
};
MAPQUAKE_MAP("check_then_insert", CheckThenInsert);
