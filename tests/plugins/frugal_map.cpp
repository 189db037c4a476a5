// A map whose use of everything is known by hand: one entry, a lock, and a block that it copies.
#include <mapquake/adapter.hpp>

#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace {

using mapquake::Key;
using mapquake::Value;

struct Block {
  std::array<std::uint64_t, 128> words{};
};

struct Page {
  std::array<std::uint64_t, 8192> words{};
};

class FrugalMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .size = mapquake::SizeClaim::none,
  };

  /// Two allocations of 40 and 24 bytes, of which 40 stay.
  bool insert(Key k, Value v) {
    const std::scoped_lock lock(lock_);
    if (entry_ != nullptr) return false;
    entry_ = std::make_unique<Entry>(Entry{k, v, {}});
    const auto passing = std::make_unique<std::array<std::uint64_t, 3>>();
    return (*passing)[0] == 0;
  }
  /// No lock, no allocation.
  bool contains(Key) const { return false; }
  /// Copies a block of 1 KiB.
  bool erase(Key) {
    *to_ = *from_;
    return false;
  }
  /// Copies a page of 64 KiB, which g++ leaves to memcpy.
  bool assign(Key, Value) {
    *to_page_ = *from_page_;
    return false;
  }
  /// Copies 700 bytes and moves 24, by calls.
  void clear() {
    std::memcpy(to_->words.data(), from_->words.data(), called_bytes_);
    std::memmove(to_->words.data(), to_->words.data() + 1, moved_bytes_);
  }
  /// Sleeps for a millisecond.
  std::optional<Value> find(Key k) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const std::scoped_lock lock(lock_);
    return entry_ == nullptr || entry_->key != k ? std::nullopt : std::optional<Value>(entry_->value);
  }

 private:
  struct Entry {
    Key key;
    Value value;
    std::array<std::uint64_t, 3> rest;
  };
  std::mutex lock_;
  std::unique_ptr<Entry> entry_;
  std::unique_ptr<Block> from_ = std::make_unique<Block>(), to_ = std::make_unique<Block>();
  std::unique_ptr<Page> from_page_ = std::make_unique<Page>(), to_page_ = std::make_unique<Page>();
  std::size_t called_bytes_ = 700, moved_bytes_ = 24;  // variables: constant sizes are expanded in place
};

MAPQUAKE_MAP("frugal_map", FrugalMap);

/// A right map whose insert() allocates once, with a claim that holds and one that does not.
template <bool honest>
class ClaimingMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .budgets = honest ? "insert.max_allocations=1 find.allocations=0" : "insert.max_allocations=0",
  };

  bool insert(Key k, Value v) {
    const std::scoped_lock lock(lock_);
    return entries_.try_emplace(k, v).second;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }

 private:
  std::mutex lock_;
  std::map<Key, Value> entries_;
};

MAPQUAKE_MAP("honest_map", ClaimingMap<true>);
MAPQUAKE_MAP("boastful_map", ClaimingMap<false>);

}  // namespace
