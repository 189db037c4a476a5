// Debug information is slow to read and every failure of a map asks for the same places, so it is read once.
#pragma once

#include "harness/case/map_info.hpp"
#include "harness/history/trace.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>

namespace mapquake {

/// Gives out look-ups of maps' addresses. Those of maps with the same modules share what was read; only a few are kept,
/// those asked for last. A look-up may be used by any thread and keeps alive what it needs.
class SymbolizerCache {
 public:
  SiteFunction of(const MapInfo& map);

 private:
  struct Entry;
  std::mutex lock_;
  std::list<std::shared_ptr<Entry>> entries_;  ///< latest first
};

}  // namespace mapquake
