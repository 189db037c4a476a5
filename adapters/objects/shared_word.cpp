// A register of two halves that readers hold still: a count of those inside in the lower bits of a byte, the writer
// above. Two bits count to three: with a fourth reader the count comes round to none, and a writer may come while they
// read.
//
// Minimum: 5 threads, four that read and one that writes.
#include <mapquake/object.hpp>

#include <atomic>
#include <cstdint>
#include <thread>

namespace {

enum class Fourth : std::uint8_t { waits, comes_round };

template <Fourth fourth>
class SharedWord {
 public:
  static constexpr const char* about = fourth == Fourth::waits
                                           ? "a register with room for three readers at a time"
                                           : "a register whose count of readers comes round at the fourth";
  static constexpr mapquake::Expectation expected =
      fourth == Fourth::waits ? mapquake::Expectation{}
                              : mapquake::Expectation{.outcomes = "invariant broken", .rare = true};

  void write(int value) {
    for (std::uint8_t none = 0; !state_.compare_exchange_weak(none, writing); none = 0) std::this_thread::yield();
    low_.store(value & 7);
    high_.store(value >> 3);
    state_.fetch_and(readers);
  }
  int read() const {
    enter();
    const int value = high_.load() << 3 | low_.load();
    leave();
    return value;
  }

 private:
  static constexpr std::uint8_t readers = 3, writing = 4;

  void enter() const {
    for (;;) {
      std::uint8_t before = state_.load();
      const bool may = fourth == Fourth::waits ? before < readers : (before & writing) == 0;
      if (may && state_.compare_exchange_weak(before, (before + 1) & readers)) return;
      std::this_thread::yield();
    }
  }
  void leave() const {
    std::uint8_t before = state_.load();
    while (!state_.compare_exchange_weak(before, (before - 1) & readers)) {
    }
  }

  mutable std::atomic<std::uint8_t> state_{0};
  std::atomic<int> low_{0}, high_{0};
};

struct Model {
  int value = 0;
  void write(int v) { value = v; }
  int read() const { return value; }
  bool operator==(const Model&) const = default;
};

using ComesRound = SharedWord<Fourth::comes_round>;
using Waits = SharedWord<Fourth::waits>;

}  // namespace

MAPQUAKE_OBJECT("shared_word_comes_round", ComesRound, Model, write, read);
MAPQUAKE_OBJECT("shared_word", Waits, Model, write, read);
