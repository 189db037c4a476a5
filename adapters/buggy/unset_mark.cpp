// A table that counts on fresh memory being zero: true for calloc, which made it, and not for what realloc adds.
//
// Minimum: 1 operation (insert of the fifth entry: whether it is there depends on a mark that nobody has set).
#include <mapquake/adapter.hpp>

#include <cstdlib>
#include <mutex>
#include <new>
#include <optional>

namespace {

template <bool fixed>
class MarkedTable {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .iteration = mapquake::Iteration::none,
                                           .size = mapquake::SizeClaim::none};
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "uninitialised read", .threads = 1, .operations = 1};
  static constexpr const char* about = fixed ? "marks new entries as present" : "leaves the mark of new entries unset";

  MarkedTable() : entries_(static_cast<Entry*>(std::calloc(capacity_, sizeof(Entry)))) {
    if (entries_ == nullptr) throw std::bad_alloc();
  }
  MarkedTable(const MarkedTable&) = delete;
  MarkedTable& operator=(const MarkedTable&) = delete;
  ~MarkedTable() { std::free(entries_); }

  bool insert(std::int64_t key, std::int64_t value) {
    const std::lock_guard lock(mutex_);
    if (Entry* const old = entry_of(key)) {
      const bool added = old->erased;
      if (added) *old = {key, value, false};
      return added;
    }
    if (count_ == capacity_) grow();
    Entry& entry = entries_[count_++];
    entry.key = key;
    entry.value = value;
    if constexpr (fixed) entry.erased = false;
    return true;
  }
  bool erase(std::int64_t key) {
    const std::lock_guard lock(mutex_);
    Entry* const entry = entry_of(key);
    return entry != nullptr && !std::exchange(entry->erased, true);
  }
  std::optional<std::int64_t> find(std::int64_t key) const {
    const std::lock_guard lock(mutex_);
    const Entry* const entry = entry_of(key);
    return entry != nullptr && !entry->erased ? std::optional(entry->value) : std::nullopt;
  }

 private:
  struct Entry {
    std::int64_t key;
    std::int64_t value;
    bool erased;
  };
  Entry* entry_of(std::int64_t key) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (entries_[i].key == key) return &entries_[i];
    }
    return nullptr;
  }
  void grow() {
    void* const larger = std::realloc(entries_, 2 * capacity_ * sizeof(Entry));
    if (larger == nullptr) throw std::bad_alloc();
    entries_ = static_cast<Entry*>(larger);
    capacity_ *= 2;
  }

  mutable std::mutex mutex_;
  std::size_t capacity_ = 4;
  std::size_t count_ = 0;
  Entry* entries_;
};

MAPQUAKE_MAP("buggy_unset_mark", MarkedTable<false>);
MAPQUAKE_MAP("fixed_unset_mark", MarkedTable<true>);

}  // namespace
