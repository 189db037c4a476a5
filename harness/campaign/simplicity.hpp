// Which of a map's failures is told first: the one that is the easiest to understand.
#pragma once

#include "harness/campaign/finding.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <type_traits>
#include <vector>

namespace mapquake {

/// Less is simpler. What takes an injected fault, an exception or a traversal comes behind all that takes none: it
/// leads to the visitor, the claim or the guarantee, where the defect need not be.
struct Simplicity {
  bool nondeterministic = false;  ///< no failure of the map at all
  bool takes_more = false;        ///< a fault, a broken guarantee, or a traversal among the calls that contradict
  std::uint64_t faults = 0;
  std::uint64_t threads = 0;  ///< of a program: those that did something
  std::uint64_t preemptions = 0;
  std::uint64_t operations = 0;
  friend auto operator<=>(const Simplicity&, const Simplicity&) = default;
};

Simplicity simplicity_of(const Finding& finding);

/// Each map keeps the places in `items` that it has; in those, its simplest failures come first, and of equals the one
/// that came first. `map_of` and `simplicity_of` answer for an element.
template <typename T, typename MapOf, typename SimplicityOf>
void put_simplest_first(std::vector<T>& items, const MapOf& map_of, const SimplicityOf& simplicity_of) {
  std::map<std::decay_t<decltype(map_of(items[0]))>, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < items.size(); ++i) places[map_of(items[i])].push_back(i);
  std::vector<T> ordered = items;
  for (const auto& [map, of_map] : places) {
    std::vector<std::size_t> by_simplicity = of_map;
    std::ranges::stable_sort(by_simplicity, {}, [&](std::size_t i) { return simplicity_of(items[i]); });
    for (std::size_t i = 0; i < of_map.size(); ++i) ordered[of_map[i]] = items[by_simplicity[i]];
  }
  items = std::move(ordered);
}

}  // namespace mapquake
