// std::list, whose functions on nodes lie in the library.
#include "locked_map.hpp"

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <utility>

namespace {

/// Looks up under `Lock`, and moves what was found to the front of a list.
template <class Lock>
class FrontMoving {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    const std::unique_lock hold(mutex_);
    if (places_.contains(key)) return false;
    order_.emplace_front(key, value);
    places_.emplace(key, order_.begin());
    return true;
  }
  std::optional<std::int64_t> find(std::int64_t key) {
    const Lock hold(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) return std::nullopt;
    order_.splice(order_.begin(), order_, place->second);
    return place->second->second;
  }

 private:
  using Order = std::list<std::pair<std::int64_t, std::int64_t>>;
  std::shared_mutex mutex_;
  Order order_;
  std::map<std::int64_t, Order::iterator> places_;
};
MAPQUAKE_MAP("moves_under_shared_lock", FrontMoving<std::shared_lock<std::shared_mutex>>);
MAPQUAKE_MAP("moves_under_lock", FrontMoving<std::unique_lock<std::shared_mutex>>);

void expect(const std::list<int>& list, std::initializer_list<int> wanted) {
  std::list<int> forth(wanted), back;
  for (auto at = list.rbegin(); at != list.rend(); ++at) back.push_front(*at);
  if (list != forth || back != forth) throw std::logic_error("a list is not what it should be");
}

/// Every function on nodes, with lists that are empty and such that are not.
class Listing {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    std::list<int> one{1, 2, 3, 4}, other{5, 6}, empty;
    one.swap(other);
    expect(one, {5, 6});
    expect(other, {1, 2, 3, 4});
    one.swap(empty);
    expect(one, {});
    expect(empty, {5, 6});
    one.swap(empty);
    empty.swap(one);
    expect(empty, {5, 6});
    other.reverse();
    expect(other, {4, 3, 2, 1});
    one.reverse();
    expect(one, {});
    other.splice(other.begin(), other, std::prev(other.end()));
    expect(other, {1, 4, 3, 2});
    other.splice(other.end(), other, other.begin(), std::next(other.begin(), 2));
    expect(other, {3, 2, 1, 4});
    other.splice(other.begin(), other, std::next(other.begin()), other.end());
    expect(other, {2, 1, 4, 3});
    other.splice(std::next(other.begin()), empty);
    expect(other, {2, 5, 6, 1, 4, 3});
    expect(empty, {});
    other.erase(other.begin());
    other.pop_back();
    other.insert(other.begin(), 9);
    expect(other, {9, 5, 6, 1, 4});
    other.sort();
    expect(other, {1, 4, 5, 6, 9});
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }

 private:
  LockedMap map_;
};
MAPQUAKE_MAP("lists", Listing);

}  // namespace
