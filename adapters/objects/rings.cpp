// Rings that go wrong late, or on weak memory alone: one whose running indices have eight bits, which six does not
// divide, and one without locks (Vyukov's bounded queue, 1024cores.net) that publishes a cell before what is in it.
// Smallest counterexample of each: 256 rounds of a push and a pop, then more than one element; one push, one pop, one
// preemption.
#include <mapquake/models.hpp>
#include <mapquake/object.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>

namespace {

/// Of capacity 6.
template <bool fixed>
class RunningRing {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "invariant broken"};
  static constexpr const char* about = fixed ? "a ring for six" : "a ring for six whose indices have eight bits";

  bool push(int value) {
    const std::lock_guard guard(lock_);
    if (static_cast<Index>(written_ - read_) == slots_.size()) return false;
    slots_[written_++ % slots_.size()] = value;
    return true;
  }
  std::optional<int> pop() {
    const std::lock_guard guard(lock_);
    if (written_ == read_) return std::nullopt;
    return slots_[read_++ % slots_.size()];
  }

 private:
  using Index = std::conditional_t<fixed, std::uint64_t, std::uint8_t>;
  std::mutex lock_;
  std::array<int, 6> slots_{};
  Index written_ = 0, read_ = 0;
};

/// Of capacity 2.
template <bool fixed>
class SequencedRing {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "invariant broken"};
  static constexpr const char* about =
      fixed ? "a ring for two without locks" : "a ring for two without locks that publishes too early";

  SequencedRing() {
    for (unsigned i = 0; i < cells_.size(); ++i) cells_[i].turn = i;
  }

  bool push(int value) {
    for (unsigned at = written_.load(std::memory_order_relaxed);;) {
      Cell& cell = cells_[at % cells_.size()];
      const auto ahead = static_cast<int>(cell.turn.load(std::memory_order_acquire) - at);
      if (ahead < 0) return false;
      if (ahead > 0) {
        at = written_.load(std::memory_order_relaxed);
      } else if (written_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        cell.value.store(value, std::memory_order_relaxed);
        cell.turn.store(at + 1, fixed ? std::memory_order_release : std::memory_order_relaxed);
        return true;
      }
    }
  }
  /// Nothing where the cell that comes next is not written yet.
  std::optional<int> pop() {
    for (unsigned at = read_.load(std::memory_order_relaxed);;) {
      Cell& cell = cells_[at % cells_.size()];
      const auto ahead = static_cast<int>(cell.turn.load(std::memory_order_acquire) - (at + 1));
      if (ahead < 0) return std::nullopt;
      if (ahead > 0) {
        at = read_.load(std::memory_order_relaxed);
      } else if (read_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        const int value = cell.value.load(std::memory_order_relaxed);
        cell.turn.store(at + static_cast<unsigned>(cells_.size()), std::memory_order_release);
        return value;
      }
    }
  }

  /// "0 read, 1 written; cells 11 (turn 1), 0 (turn 1)".
  std::string dump() const {
    std::string text = std::to_string(read_.load()) + " read, " + std::to_string(written_.load()) + " written; cells";
    for (const Cell& cell : cells_) {
      text += &cell == cells_.data() ? " " : ", ";
      text += std::to_string(cell.value.load()) + " (turn " + std::to_string(cell.turn.load()) + ")";
    }
    return text;
  }

 private:
  struct Cell {
    std::atomic<unsigned> turn{0};
    std::atomic<int> value{0};
  };
  std::array<Cell, 2> cells_;
  std::atomic<unsigned> written_{0}, read_{0};
};

/// A pop may find nothing, and a push no place, while another one is half done.
struct SequencedModel {
  mapquake::models::Queue<> items;

  bool push(int value, bool answer) {
    if (answer) items.push(value);
    return true;
  }
  bool pop(std::optional<int> answer) { return !answer || items.pop() == answer; }
  friend bool operator==(const SequencedModel&, const SequencedModel&) = default;
};

using BrokenRunning = RunningRing<false>;
using RightRunning = RunningRing<true>;
using RunningModel = mapquake::models::Queue<6>;
using BrokenSequenced = SequencedRing<false>;
using RightSequenced = SequencedRing<true>;

}  // namespace

MAPQUAKE_OBJECT("ring_index_of_eight_bits", BrokenRunning, RunningModel, push, pop);
MAPQUAKE_OBJECT("ring_index_of_eight_bits_fixed", RightRunning, RunningModel, push, pop);
MAPQUAKE_OBJECT("ring_published_relaxed", BrokenSequenced, SequencedModel, push, pop);
MAPQUAKE_OBJECT("ring_published_relaxed_fixed", RightSequenced, SequencedModel, push, pop);
