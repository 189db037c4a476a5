// Double-checked initialisation with a plain pointer: data race (S. Meyers, A. Alexandrescu, "C++ and the Perils of
// Double-Checked Locking").
//
// B looks at the pointer without the lock under which A sets it.
// Minimum: 2 threads, 2 operations (two that need the table), no prefill, no preemption.
#include "buggy/locked_entries.hpp"

#include <atomic>
#include <type_traits>

namespace {

using mapquake::Key;
using mapquake::Value;
using mapquake::buggy::LockedEntries;

template <bool fixed>
class LazyMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{} : mapquake::Expectation{.outcomes = "data race", .threads = 2, .operations = 2};
  static constexpr const char* about = fixed ? "makes its table when it is needed, behind an atomic pointer"
                                             : "makes its table when it is needed, behind a plain pointer";

  LazyMap() = default;
  LazyMap(const LazyMap&) = delete;
  LazyMap& operator=(const LazyMap&) = delete;
  ~LazyMap() { delete static_cast<LockedEntries*>(table_); }

  bool insert(Key k, Value v) { return table().insert(k, v); }
  std::optional<Value> find(Key k) const { return table().find(k); }
  bool erase(Key k) { return table().erase(k); }
  std::size_t size() const { return table().size(); }
  template <class Visit>
  void for_each(Visit visit) const {
    table().for_each(visit);
  }

 private:
  LockedEntries& table() const {
    if (static_cast<LockedEntries*>(table_) == nullptr) {
      const std::lock_guard lock(mutex_);
      if (static_cast<LockedEntries*>(table_) == nullptr) table_ = new LockedEntries;
    }
    return *static_cast<LockedEntries*>(table_);
  }

  mutable std::mutex mutex_;
  mutable std::conditional_t<fixed, std::atomic<LockedEntries*>, LockedEntries*> table_{nullptr};
};

MAPQUAKE_MAP("buggy_double_checked_table", LazyMap<false>);
MAPQUAKE_MAP("fixed_double_checked_table", LazyMap<true>);

}  // namespace
