// Copy-on-write that takes an equal address for an unchanged table (ABA): not linearizable (lost key).
//
// A copies the table and stands before its publication. B publishes twice; its second copy lies where the table that A
// has copied was, so A's comparison holds, and A's copy replaces what B wrote. The twin compares numbers.
// Minimum: 2 threads, 3 operations (insert against insert, insert), 1 preemption (A, between copy and publication), 1
// fault (B's second table gets the block of the first).
#include "buggy/locked_faults.hpp"

#include <memory>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class RepublishedMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "not linearizable|invariant broken|exception guarantee broken",
                                    .threads = 2,
                                    .operations = 3,
                                    .preemptions = 1,
                                    .faults = 1,
                                    .rare = true};
  static constexpr const char* about =
      fixed ? "publishes a copy if no other was published" : "publishes a copy if the table has the same address";

  bool insert(Key k, Value v) {
    return publish([&](Entries& entries) { return entries.emplace(k, v).second; });
  }
  bool erase(Key k) {
    return publish([&](Entries& entries) { return entries.erase(k) == 1; });
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = table_->entries.find(k);
    return found == table_->entries.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  std::size_t size() const {
    const std::shared_lock reader(lock_);
    return table_->entries.size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, value] : table_->entries) visit(key, value);
  }

 private:
  using Entries = std::map<Key, Value>;
  struct Table {
    Entries entries;
    std::uint64_t number = 0;
  };

  template <class Change>
  bool publish(Change change) {
    for (;;) {
      const Table* seen = nullptr;
      std::uint64_t number = 0;
      auto made = std::make_unique<Table>();
      {
        const std::shared_lock reader(lock_);
        seen = table_.get();
        number = seen->number;
        made->entries = seen->entries;
      }
      made->number = number + 1;
      const bool changed = change(made->entries);
      const std::unique_lock writer(lock_);
      if (fixed ? table_->number != number : table_.get() != seen) continue;
      table_ = std::move(made);
      return changed;
    }
  }

  mutable std::shared_mutex lock_;
  std::unique_ptr<Table> table_ = std::make_unique<Table>();
};

MAPQUAKE_MAP("buggy_same_address", RepublishedMap<false>);
MAPQUAKE_MAP("fixed_same_address", RepublishedMap<true>);

}  // namespace
