// Hazard pointers (M. Michael, "Hazard pointers", IEEE TPDS 2004) without the fence between announcing a table and
// looking whether it is still the current one: use after free, by the C++ memory model alone. On x86 it is the store
// buffer that makes it happen.
//
// A's find() announces the table, sees that it is current, and is preempted; B's insert() publishes another table, does
// not see the announcement, and deletes the first; A reads it.
// Minimum: 2 threads, 2 operations (find, insert), 1 preemption, 1 stale read.
#include "buggy/weak_memory.hpp"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

/// The number of the calling thread among those that have asked, from 0.
std::size_t my_number() {
  static std::atomic<std::size_t> asked{0};
  thread_local const std::size_t number = asked.fetch_add(1, std::memory_order_relaxed);
  return number;
}

template <bool fixed>
class HazardMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .citation = "adapters/buggy: a seeded defect and its fixed twin",
  };
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::weak_memory(fixed, "use after free|data race|crash");
  static constexpr const char* about =
      fixed ? "hazard pointers with a fence behind the announcement" : "hazard pointers without a fence";

  HazardMap() = default;
  HazardMap(const HazardMap&) = delete;
  HazardMap& operator=(const HazardMap&) = delete;
  ~HazardMap() { delete current_.load(std::memory_order_relaxed); }

  bool insert(Key k, Value v) {
    return swap_table([&](Table& table) { return table.emplace(k, v).second; });
  }
  bool erase(Key k) {
    return swap_table([&](Table& table) { return table.erase(k) == 1; });
  }
  std::optional<Value> find(Key k) const {
    return read([&](const Table& table) {
      const auto found = table.find(k);
      return found == table.end() ? std::nullopt : std::optional<Value>(found->second);
    });
  }
  std::size_t size() const {
    return read([](const Table& table) { return table.size(); });
  }
  template <class Visit>
  void for_each(Visit visit) const {
    read([&](const Table& table) {
      for (const auto& [key, value] : table) visit(key, value);
      return true;
    });
  }

 private:
  using Table = std::map<Key, Value>;

  template <class Read>
  auto read(Read function) const {
    const std::size_t number = my_number();
    if (number >= hazards_.size()) {
      const std::lock_guard lock(mutex_);
      return function(*current_.load(std::memory_order_relaxed));
    }
    std::atomic<const Table*>& hazard = hazards_[number];
    const Table* table = current_.load(std::memory_order_acquire);
    for (;;) {
      hazard.store(table, std::memory_order_release);
      if (fixed) std::atomic_thread_fence(std::memory_order_seq_cst);
      const Table* const now = current_.load(std::memory_order_acquire);
      if (now == table) break;
      table = now;
    }
    const auto answer = function(*table);
    hazard.store(nullptr, std::memory_order_release);
    return answer;
  }

  template <class Change>
  bool swap_table(Change change) {
    const std::lock_guard lock(mutex_);
    const Table* const old = current_.load(std::memory_order_relaxed);
    auto next = std::make_unique<Table>(*old);
    if (!change(*next)) return false;
    retired_.emplace_back(old);
    current_.store(next.release(), std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    std::erase_if(retired_, [&](const auto& table) { return !is_announced(table.get()); });
    return true;
  }
  bool is_announced(const Table* table) const {
    for (const auto& hazard : hazards_) {
      if (hazard.load(std::memory_order_acquire) == table) return true;
    }
    return false;
  }

  mutable std::mutex mutex_;
  std::atomic<const Table*> current_{new Table};
  mutable std::array<std::atomic<const Table*>, 8> hazards_{};
  std::vector<std::unique_ptr<const Table>> retired_;
};

MAPQUAKE_MAP("buggy_hazard_without_fence", HazardMap<false>);
MAPQUAKE_MAP("fixed_hazard_without_fence", HazardMap<true>);

}  // namespace
