// The loops that erase while they iterate (S16, incident I26). The one with it = m.erase(it) is StandardMap's own.
#pragma once

#include "maps/standard_map.hpp"

#include <cstddef>

namespace mapquake::maps {

/// Broken on purpose: after erase(it) the iterator points to a node that is gone, and ++it reads it.
template <class Container>
class EraseThenIncrement : public StandardMap<Container> {
 public:
  using StandardMap<Container>::StandardMap;
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = this->map_.begin(); it != this->map_.end(); ++it) {
      if (!pred(it->first, it->second)) continue;
      this->map_.erase(it);
      ++erased;
    }
    return erased;
  }
};

/// Right, and what code had to do before C++11: the iterator has left the node before it goes.
template <class Container>
class EraseWithPostIncrement : public StandardMap<Container> {
 public:
  using StandardMap<Container>::StandardMap;
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = this->map_.begin(); it != this->map_.end();) {
      if (pred(it->first, it->second)) {
        this->map_.erase(it++);
        ++erased;
      } else {
        ++it;
      }
    }
    return erased;
  }
};

}  // namespace mapquake::maps
