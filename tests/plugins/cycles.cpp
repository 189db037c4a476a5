// Maps with loops: such that repeat one state for ever, and such that look like it and end.
#include "locked_map.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

/// Does something of its own in insert().
template <class Work>
class Working {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    work_.insert();
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }

 private:
  Work work_;
  LockedMap map_;
};

struct Node {
  Node* next = nullptr;
  Node* down = nullptr;
  std::uint64_t value = 0;
};

/// Three nodes in a ring. Under a lock of its own, so that threads wait for the one that goes round.
class Ring {
 public:
  Ring() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].next = &nodes_[(i + 1) % nodes_.size()];
  }
  void insert() {
    const std::lock_guard lock(mutex_);
    const Node* at = &nodes_[0];
    while (at->value == 0) at = at->next;
  }

 private:
  std::mutex mutex_;
  std::vector<Node> nodes_ = std::vector<Node>(3);
};
using ReadsForEver = Working<Ring>;
MAPQUAKE_MAP("reads_for_ever", ReadsForEver);

/// Each thread goes round in a ring of its own, and nobody waits for it.
struct RingOfThread {
  void insert() {
    Node one, other;
    one.next = &other;
    other.next = &one;
    volatile Node* at = &one;
    while (at->value == 0) at = at->next;
  }
};
using AllForEver = Working<RingOfThread>;
MAPQUAKE_MAP("all_for_ever", AllForEver);

/// Moves the first of a list of two to its end, again and again.
class Relinking {
 public:
  void insert() {
    const std::lock_guard lock(mutex_);
    nodes_[0].next = &nodes_[1];
    nodes_[1].next = nullptr;
    Node* head = &nodes_[0];
    while (head->value == 0) {
      Node* const second = head->next;
      second->next = head;
      head->next = nullptr;
      head = second;
    }
  }

 private:
  std::mutex mutex_;
  std::vector<Node> nodes_ = std::vector<Node>(2);
};
using RelinksForEver = Working<Relinking>;
MAPQUAKE_MAP("relinks_for_ever", RelinksForEver);

/// A loop within a loop.
class Nested {
 public:
  Nested() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].next = &nodes_[(i + 1) % nodes_.size()];
      nodes_[i].down = i % 5 == 0 ? nullptr : &nodes_[i - 1];
    }
  }
  void insert() {
    const std::lock_guard lock(mutex_);
    for (const Node* at = &nodes_[0]; at->value == 0; at = at->next) {
      for (const Node* below = at; below->down != nullptr; below = below->down) {
      }
    }
  }

 private:
  std::mutex mutex_;
  std::vector<Node> nodes_ = std::vector<Node>(20);
};
using NestsForEver = Working<Nested>;
MAPQUAKE_MAP("nests_for_ever", NestsForEver);

/// The destructor goes round.
class RingAtTheEnd {
 public:
  RingAtTheEnd() { node_->next = node_.get(); }
  ~RingAtTheEnd() {
    const Node* at = node_.get();
    while (at->value == 0) at = at->next;
  }
  void insert() {}

 private:
  std::unique_ptr<Node> node_ = std::make_unique<Node>();
};
using NeverDestroyed = Working<RingAtTheEnd>;
MAPQUAKE_MAP("never_destroyed", NeverDestroyed);

/// A look-up counts its rounds; `Rounds` of them, or none that end.
template <std::uint64_t Rounds>
class CountingLookUp {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) { return map_.insert(key, value); }
  std::optional<std::int64_t> find(std::int64_t key) {
    volatile std::uint64_t* const count = count_.get();
    *count = 0;
    while (Rounds == 0 || *count < Rounds) *count = *count + 1;
    return map_.find(key);
  }

 private:
  LockedMap map_;
  std::unique_ptr<std::uint64_t> count_ = std::make_unique<std::uint64_t>(0);
};
MAPQUAKE_MAP("counts_for_ever", CountingLookUp<0>);
MAPQUAKE_MAP("counts_for_long", CountingLookUp<100'000>);

/// Reads one cell as often as it takes, and counts in a register.
class Counting {
 public:
  void insert() {
    const volatile std::uint64_t* const cell = cell_.get();
    for (int i = 0; i < 40'000; ++i) [[maybe_unused]] const std::uint64_t seen = *cell;
  }

 private:
  std::unique_ptr<std::uint64_t> cell_ = std::make_unique<std::uint64_t>(0);
};
using CountsInARegister = Working<Counting>;
MAPQUAKE_MAP("counts_in_a_register", CountsInARegister);

/// The same with a count in memory, which the calls of the library change: the compiler shows only that it is read.
class Appending {
 public:
  void insert() {
    const std::lock_guard lock(mutex_);
    text_->clear();
    while (text_->size() < 20'000) text_->push_back('x');
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<std::string> text_ = std::make_unique<std::string>();
};
using AppendsToAString = Working<Appending>;
MAPQUAKE_MAP("appends_to_a_string", AppendsToAString);

/// The slowest way to sort.
class Sorting {
 public:
  void insert() {
    std::vector<int> cells(150);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<int>(cells.size() - i);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      for (std::size_t j = 1; j < cells.size(); ++j) {
        if (cells[j] < cells[j - 1]) std::swap(cells[j], cells[j - 1]);
      }
    }
  }
};
using Sorts = Working<Sorting>;
MAPQUAKE_MAP("sorts", Sorts);

/// Looks at the same cells until some time is over.
class Waiting {
 public:
  void insert() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(20);
    while (std::chrono::steady_clock::now() < end) {
      for (const volatile int& cell : cells_) [[maybe_unused]] const int seen = cell;
    }
  }

 private:
  std::vector<int> cells_ = std::vector<int>(8);
};
using WaitsForTheClock = Working<Waiting>;
MAPQUAKE_MAP("waits_for_the_clock", WaitsForTheClock);

/// A lock that is tried again after ever so short a sleep; who holds it sleeps for long, or does not give it back.
template <bool GivesBack>
class Polling {
 public:
  void insert() {
    while (locked_.exchange(true)) std::this_thread::sleep_for(std::chrono::microseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (GivesBack) locked_ = false;
  }

 private:
  std::atomic<bool> locked_{false};
};
using PollsForLong = Working<Polling<true>>;
MAPQUAKE_MAP("polls_for_long", PollsForLong);
using PollsForEver = Working<Polling<false>>;
MAPQUAKE_MAP("polls_for_ever", PollsForEver);

/// Every first thread goes round until a second one has come, which it must not rely on: a data race, but no loop
/// without an end.
class Meeting {
 public:
  void insert() {
    volatile int* const come = come_.get();
    if (const std::lock_guard lock(mutex_); ++inserts_ % 2 == 0) {
      *come = inserts_;
      return;
    }
    while (*come == 0) {
    }
  }

 private:
  std::mutex mutex_;
  int inserts_ = 0;
  std::unique_ptr<int> come_ = std::make_unique<int>(0);
};
using MeetsByARace = Working<Meeting>;
MAPQUAKE_MAP("meets_by_a_race", MeetsByARace);

}  // namespace
