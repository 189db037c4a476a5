// Entries that an insert has only collected so far, beside those that are merged. No lock of its own.
#pragma once

#include <mapquake/adapter.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace mapquake::buggy {

class CollectedEntries {
 public:
  struct Entry {
    Key key;
    Value value;
  };

  std::optional<Value> found(Key k) const {
    for (const Entry& entry : collected) {
      if (entry.key == k) return entry.value;
    }
    const auto at = merged.find(k);
    return at == merged.end() ? std::nullopt : std::optional<Value>(at->second);
  }
  void merge() {
    for (const Entry& entry : collected) merged.emplace(entry.key, entry.value);
    collected.clear();
  }
  bool erase(Key k) {
    merge();
    return merged.erase(k) == 1;
  }

  std::vector<Entry> collected;
  std::map<Key, Value> merged;
};

}  // namespace mapquake::buggy
