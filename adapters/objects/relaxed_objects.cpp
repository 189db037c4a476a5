// Objects that promise less than one order in real time, each held to just that, with a defect and its fixed twin.
//
//   bag_peeks               a bag of two lanes: take() answers any element; the broken one looks, and takes later
//   register_forgets_own    look-ups lag per thread; the broken one does not see what its own thread wrote
//   tally_adds_in_two_steps read() adds the stripes one by one, exact at rest; the broken one loses an addition
// Smallest counterexample of each: two threads with one call each; of the register, two calls and one.
#include <mapquake/object.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

constexpr mapquake::Expectation broken_unless(bool fixed) {
  return {.outcomes = fixed ? "" : "invariant broken"};
}

template <bool fixed>
class Bag {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "a bag of two lanes" : "a bag that looks, and takes later";

  void put(int value) {
    Lane& lane = lanes_[next_.fetch_add(1) % lanes_.size()];
    const std::lock_guard guard(lane.lock);
    lane.items.push_back(value);
  }
  std::optional<int> take() {
    const std::size_t first = next_.load();
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (std::optional<int> taken = take_from(lanes_[(first + i) % lanes_.size()])) return taken;
    }
    // A second look, at all at once: the first may have missed what came behind it.
    const std::scoped_lock guard(lanes_[0].lock, lanes_[1].lock);
    for (Lane& lane : lanes_) {
      if (!lane.items.empty()) return last_of(lane);
    }
    return std::nullopt;
  }

 private:
  struct Lane {
    std::mutex lock;
    std::vector<int> items;
  };
  static int last_of(Lane& lane) {
    const int last = lane.items.back();
    lane.items.pop_back();
    return last;
  }
  static std::optional<int> take_from(Lane& lane) {
    std::unique_lock guard(lane.lock);
    if (lane.items.empty()) return std::nullopt;
    if (fixed) return last_of(lane);
    const int seen = lane.items.back();
    guard.unlock();
    guard.lock();
    if (!lane.items.empty()) lane.items.pop_back();
    return seen;
  }

  std::array<Lane, 2> lanes_;
  std::atomic<std::size_t> next_{0};
};

/// take() answers what is there, whichever it is.
struct BagModel {
  std::vector<int> items;
  void put(int value) { items.insert(std::ranges::lower_bound(items, value), value); }
  bool take(std::optional<int> answer) {
    if (!answer) return items.empty();
    const auto found = std::ranges::find(items, *answer);
    if (found == items.end()) return false;
    items.erase(found);
    return true;
  }
  friend bool operator==(const BagModel&, const BagModel&) = default;
};

/// Who comes while somebody writes does not wait, and answers what the thread has seen last.
template <bool fixed>
class Register {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about =
      fixed ? "look-ups lag per thread" : "look-ups lag, behind the thread's own writes, too";

  void write(int value) {
    const std::lock_guard guard(lock_);
    is_written_.store(true);
    value_ = value;
    if (fixed) see(value);
    is_written_.store(false);
  }
  int read() {
    if (is_written_.load()) return seen();
    const std::lock_guard guard(lock_);
    return see(value_);
  }

 private:
  int see(int value) {
    const std::lock_guard guard(seen_lock_);
    return seen_[std::this_thread::get_id()] = value;
  }
  int seen() {
    const std::lock_guard guard(seen_lock_);
    return seen_[std::this_thread::get_id()];
  }

  std::mutex lock_;
  std::atomic<bool> is_written_{false};
  int value_ = 0;
  std::mutex seen_lock_;
  std::unordered_map<std::thread::id, int> seen_;
};

struct RegisterModel {
  static constexpr mapquake::Consistency consistency = mapquake::Consistency::sequential;
  int value = 0;
  void write(int written) { value = written; }
  int read() const { return value; }
  friend bool operator==(const RegisterModel&, const RegisterModel&) = default;
};

template <bool fixed>
class Tally {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "a striped sum, exact at rest" : "a striped sum, added in two steps";

  void add(int amount) {
    std::atomic<int>& stripe = stripes_[static_cast<std::size_t>(amount) % stripes_.size()];
    if (fixed) {
      stripe.fetch_add(amount);
    } else {
      stripe.store(stripe.load() + amount);
    }
  }
  int read() const {
    int sum = 0;
    for (const std::atomic<int>& stripe : stripes_) sum += stripe.load();
    return sum;
  }

 private:
  std::array<std::atomic<int>, 2> stripes_{};
};

struct TallyModel {
  static constexpr mapquake::Consistency consistency = mapquake::Consistency::at_rest;
  int sum = 0;
  void add(int amount) { sum += amount; }
  int read() const { return sum; }
  friend bool operator==(const TallyModel&, const TallyModel&) = default;
};

MAPQUAKE_OBJECT("bag_peeks", Bag<false>, BagModel, put, take);
MAPQUAKE_OBJECT("bag_peeks_fixed", Bag<true>, BagModel, put, take);
MAPQUAKE_OBJECT("register_forgets_own", Register<false>, RegisterModel, write, read);
MAPQUAKE_OBJECT("register_forgets_own_fixed", Register<true>, RegisterModel, write, read);
MAPQUAKE_OBJECT("tally_adds_in_two_steps", Tally<false>, TallyModel, add, read);
MAPQUAKE_OBJECT("tally_adds_in_two_steps_fixed", Tally<true>, TallyModel, add, read);

}  // namespace
