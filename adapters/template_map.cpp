// The adapter to copy. Put your map's header in place of the class below, rename, keep the operations it has.
// docs/adapters.md walks through it.
#include <mapquake/adapter.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace {

// Stands for your map.
template <class K, class V>
class MyMap {
 public:
  bool insert(const K& key, const V& value) {
    std::lock_guard lock(mutex_);
    return entries_.emplace(key, value).second;
  }
  std::optional<V> get(const K& key) const {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional<V>(found->second);
  }
  bool remove(const K& key) {
    std::lock_guard lock(mutex_);
    return entries_.erase(key) == 1;
  }
  template <class Visit>
  void visit_all(Visit visit) const {
    std::lock_guard lock(mutex_);
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 private:
  mutable std::mutex mutex_;
  std::map<K, V> entries_;
};

struct MyMapAdapter {
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "adapters/template_map.cpp: one mutex is held from the beginning to the end of every operation",
  };
  static constexpr const char* about = "the adapter to copy: std::map behind one mutex";

  bool insert(mapquake::Key k, mapquake::Value v) { return map_.insert(k, v); }
  std::optional<mapquake::Value> find(mapquake::Key k) const { return map_.get(k); }
  bool erase(mapquake::Key k) { return map_.remove(k); }
  template <class Visit>
  void for_each(Visit visit) const {
    map_.visit_all(visit);
  }

 private:
  MyMap<mapquake::Key, mapquake::Value> map_;
};

MAPQUAKE_MAP("template_map", MyMapAdapter);

}  // namespace
