#include "harness/parent/symbolizer_cache.hpp"

#include "harness/parent/symbolizer.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace mapquake {

namespace {

constexpr std::size_t symbolizers_kept = 4;

}  // namespace

struct SymbolizerCache::Entry {
  explicit Entry(const MapInfo& map) : build(map.build), modules(map.modules), symbolizer(map) {}

  bool is_for(const MapInfo& map) const {
    const auto same = [](const Module& a, const Module& b) { return a.path == b.path && a.base == b.base; };
    return build == map.build && std::ranges::equal(modules, map.modules, same);
  }
  /// A Symbolizer's answers stay where they are for as long as it lives.
  const Site& site(std::uint64_t pc) {
    const std::scoped_lock hold(lock);
    return symbolizer.site(pc);
  }

  const std::string build;
  const std::vector<Module> modules;
  std::mutex lock;
  Symbolizer symbolizer;
};

SiteFunction SymbolizerCache::of(const MapInfo& map) {
  const std::scoped_lock hold(lock_);
  const auto known = std::ranges::find_if(entries_, [&](const auto& entry) { return entry->is_for(map); });
  if (known != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, known);
  } else {
    if (entries_.size() == symbolizers_kept) entries_.pop_back();
    entries_.push_front(std::make_shared<Entry>(map));
  }
  return [entry = entries_.front()](std::uint64_t pc) -> const Site& { return entry->site(pc); };
}

}  // namespace mapquake
