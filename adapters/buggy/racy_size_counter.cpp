// A plain counter that is incremented under the lock and read without it: data race.
//
// Minimum: 2 threads, 2 operations (insert, size), no preemption: nothing orders the two.
#include "buggy/locked_entries.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class CountedMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{} : mapquake::Expectation{.outcomes = "data race", .threads = 2, .operations = 2};
  static constexpr const char* about =
      fixed ? "reads its counter under the lock" : "reads its counter without the lock";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    const bool added = entries_.emplace(k, v).second;
    size_ += added;
    return added;
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    const bool erased = entries_.erase(k) == 1;
    size_ -= erased;
    return erased;
  }
  std::size_t size() const {
    std::shared_lock reader(lock_, std::defer_lock);
    if (fixed) reader.lock();
    return size_;
  }

 private:
  std::size_t size_ = 0;
};

MAPQUAKE_MAP("buggy_racy_size_counter", CountedMap<false>);
MAPQUAKE_MAP("fixed_racy_size_counter", CountedMap<true>);

}  // namespace
