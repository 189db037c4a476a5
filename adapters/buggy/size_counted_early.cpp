// insert() counts the entry before it is there: exception guarantee broken (size() disagrees with look-ups).
//
// Minimum: 1 thread, 1 operation (insert of a new key), 1 fault (the node's allocation), 0 preemptions.
#include "buggy/locked_faults.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class EagerlyCountingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about =
      fixed ? "counts an entry when it is there" : "counts an entry before it is there";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    if (entries_.contains(k)) return false;
    if (!fixed) ++size_;
    entries_.emplace(k, v);
    if (fixed) ++size_;
    return true;
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    if (entries_.erase(k) == 0) return false;
    --size_;
    return true;
  }
  std::size_t size() const {
    const std::shared_lock reader(lock_);
    return size_;
  }

 private:
  std::size_t size_ = 0;
};

MAPQUAKE_MAP("buggy_size_counted_early", EagerlyCountingMap<false>);
MAPQUAKE_MAP("fixed_size_counted_early", EagerlyCountingMap<true>);

}  // namespace
