// Every operation of a standard associative container, with nothing added.
#pragma once

#include <mapquake/operations.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace mapquake::maps {

/// `Container`: std::map, std::unordered_map, or one with their interface. As safe as Container is, no more.
template <class Container>
class StandardMap {
 public:
  using key_type = typename Container::key_type;
  using mapped_type = typename Container::mapped_type;
  static constexpr bool copyable = true;
  static constexpr bool copy_assignable = true;
  static constexpr bool movable = true;

  StandardMap() = default;
  template <class Iterator>
  StandardMap(Iterator first, Iterator last) : map_(first, last) {}
  bool insert(const key_type& key, const mapped_type& value) { return map_.emplace(key, value).second; }
  std::optional<mapped_type> find(const key_type& key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional<mapped_type>(found->second);
  }
  bool contains(const key_type& key) const { return map_.contains(key); }
  bool erase(const key_type& key) { return map_.erase(key) == 1; }
  bool assign(const key_type& key, const mapped_type& value) { return map_.insert_or_assign(key, value).second; }
  template <class Change>
  bool update(const key_type& key, Change change) {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    change(found->second);
    return true;
  }
  template <class Make>
  mapped_type get_or_create(const key_type& key, Make make) {
    const auto found = map_.find(key);
    // Copied before it goes in: what throws, throws while the map is as it was. One object, so that returning moves
    // none.
    mapped_type value = found != map_.end() ? found->second : make();
    if (found == map_.end()) map_.emplace(key, value);
    return value;
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void swap(StandardMap& other) { map_.swap(other.map_); }
  void merge(StandardMap& other) requires requires(Container& map) { map.merge(map); }
  { map_.merge(other.map_); }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, value] : map_) visit(key, value);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = map_.begin(); it != map_.end();) {
      if (pred(it->first, it->second)) {
        it = map_.erase(it);
        ++erased;
      } else {
        ++it;
      }
    }
    return erased;
  }

 protected:
  Container map_;
};

/// What only hash containers have.
template <class Container>
class StandardHashMap : public StandardMap<Container> {
 public:
  using StandardMap<Container>::StandardMap;
  explicit StandardHashMap(CapacityHint hint) { reserve(hint.entries); }
  void reserve(std::size_t entries) { this->map_.reserve(entries); }
};

}  // namespace mapquake::maps
