// S18 snapshot_view_map: to iterate, copy under the lock and walk through the copy. The view is of one instant, and
// refuses to be changed.
#pragma once

#include "maps/rwlock_map.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace mapquake::maps {

/// What every attempt to change a view throws.
struct ViewIsReadOnly : std::logic_error {
  ViewIsReadOnly() : std::logic_error("a snapshot view cannot be changed") {}
};

/// The map as it was at one instant. Costs one copy of every entry; valid for ever, whatever becomes of the map.
template <class K, class V, class Hasher>
class SnapshotView {
 public:
  using Entries = std::unordered_map<K, V, Hasher>;
  explicit SnapshotView(std::shared_ptr<const Entries> entries) : entries_(std::move(entries)) {}

  std::optional<V> find(const K& key) const {
    const auto found = entries_->find(key);
    return found == entries_->end() ? std::nullopt : std::optional<V>(found->second);
  }
  std::size_t size() const { return entries_->size(); }
  auto begin() const { return entries_->begin(); }
  auto end() const { return entries_->end(); }

  [[noreturn]] bool insert(const K&, const V&) { throw ViewIsReadOnly(); }
  [[noreturn]] bool assign(const K&, const V&) { throw ViewIsReadOnly(); }
  [[noreturn]] bool erase(const K&) { throw ViewIsReadOnly(); }
  [[noreturn]] void clear() { throw ViewIsReadOnly(); }

 private:
  std::shared_ptr<const Entries> entries_;
};

/// As RwlockMap, but callbacks of for_each run without the lock: they may use the map.
template <class K, class V, class Hasher = std::hash<K>>
class SnapshotViewMap : public RwlockMap<K, V, Hasher> {
 public:
  using RwlockMap<K, V, Hasher>::RwlockMap;
  using View = SnapshotView<K, V, Hasher>;

  View snapshot() const {
    auto entries = std::make_shared<typename View::Entries>();
    RwlockMap<K, V, Hasher>::for_each([&entries](const K& key, const V& value) { entries->emplace(key, value); });
    return View(std::move(entries));
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, value] : snapshot()) visit(key, value);
  }
  /// Empty, or what is wrong: a view and the map differ while nobody writes.
  std::string validate() const {
    const View view = snapshot();
    if (view.size() != this->size()) return "the view and the map differ in size";
    for (const auto& [key, value] : view) {
      if (!this->contains(key)) return "the view has a key that the map has not";
    }
    return "";
  }
  std::string dump() const { return "keys=" + std::to_string(this->size()) + "\n"; }
};

}  // namespace mapquake::maps
