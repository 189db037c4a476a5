// `var m map[K]V`: what Go programs hold. Null until it is made; copies share one map.
//
// A null map reads as an empty one; deleting from it does nothing; a write is Go's panic "assignment to entry in nil
// map". Copying the variable copies the reference, never the entries: incident I6 in one line.
#pragma once

#include "go_map.hpp"

#include <memory>

namespace mapquake::maps {

template <class Map>
class GoMapVariable {
 public:
  using Key = typename Map::Key;
  using Value = typename Map::Value;

  /// make(map[K]V, hint).
  void make(GoMapOptions options = {}) { map_ = std::make_shared<Map>(options); }
  bool is_null() const { return map_ == nullptr; }

  std::optional<Value> find(const Key& key) const { return is_null() ? std::nullopt : map_->find(key); }
  bool contains(const Key& key) const { return !is_null() && map_->contains(key); }
  /// Throws GoMapError if null.
  bool assign(const Key& key, Value value) {
    if (is_null()) throw GoMapError("assignment to entry in nil map");
    return map_->assign(key, std::move(value));
  }
  bool erase(const Key& key) { return !is_null() && map_->erase(key); }
  void clear() {
    if (!is_null()) map_->clear();
  }
  std::size_t size() const { return is_null() ? 0 : map_->size(); }
  template <class Visit>
  void for_each(Visit visit) const {
    if (is_null()) return;
    for (typename Map::Iterator it(*map_); !it.ended(); it.next()) visit(it.key(), it.value());
  }

 private:
  std::shared_ptr<Map> map_;
};

}  // namespace mapquake::maps
