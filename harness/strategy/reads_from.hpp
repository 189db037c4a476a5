// Reads-from guided scheduling (Wolff, Shi, Duck, Mathur, Roychoudhury: "Greybox fuzzing for concurrency testing",
// ASPLOS 2024, sections 3 and 4). An abstract schedule is a short list of wishes "this read sees that write", over
// events as code and location, whichever thread performs them. A proactive scheduler tries to make them come true: a
// read whose write has not happened waits, and so does a write that would come between the two. What holds of a few
// reads decides most failures, however many threads there are. Wishes whose execution showed a pair of read and write
// that none had shown before are kept, and changed a little for later ones.
#pragma once

#include "harness/strategy/exploring.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <unordered_set>
#include <vector>

namespace mapquake {

class ReadsFrom final : public ExploringStrategy {
 public:
  static constexpr std::size_t wishes_max = 4;
  static constexpr std::size_t events_max = 256;  ///< of a program, as code and location; later ones are not wished for
  static constexpr std::size_t kept_max = 64;     ///< lists of wishes to start from

  /// `fault_mask`: see FaultDice.
  explicit ReadsFrom(std::uint32_t fault_mask = 0);

  /// Another program: nothing is known of its events.
  void forget();

  /// Depends on `seed`, and on what the executions since forget() were like.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// Asked at every point. Of the threads that no wish holds back, the current one goes on or the highest priority
  /// runs, by execution. Cost: O(threads * wishes).
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  /// Another thread runs than next_thread() answered, or the same.
  void overruled(ThreadId chosen) { running_ = chosen; }

 private:
  /// An instruction at a location, whoever performs it. 0: what was there before.
  using Event = std::uint64_t;
  struct Known {
    Event event = 0;
    std::uint64_t location = 0;
    std::uint64_t code = 0;
    bool reads = false;
    bool writes = false;
    bool locks = false;  ///< whoever comes next sees that it was given back, and never this
  };
  struct Wish {
    Event read = 0;
    Event write = 0;
    std::uint64_t location = 0;
    bool settled = false;  ///< the read has happened
  };
  struct Wishes {
    std::array<Wish, wishes_max> list{};
    std::size_t count = 0;
  };
  struct LastWrite {
    std::uint64_t location = 0;
    Event event = 0;
  };

  static Event event_of(const NextStep& step);
  void note(const NextStep& step);
  void happened(const NextStep& step);
  Event& last_write_at(std::uint64_t location);
  static std::uint64_t pair_of(Event read, Event write) { return mix64(read) ^ write; }
  const Known* draw_read();
  std::optional<Event> draw_write(const Known& read, bool new_only);
  Wish draw_wish();
  void draw_wishes();
  bool is_held_back(const NextStep& step);

  std::vector<Known> known_;
  std::vector<std::uint64_t> reading_;       ///< instructions of those that read
  std::unordered_set<std::uint64_t> pairs_;  ///< of read and write that some execution has shown
  std::vector<Wishes> kept_;
  bool showed_new_pair_ = false;

  Wishes wishes_;
  static constexpr std::uint32_t yields_max = 8;  ///< of an execution; with more, nobody is held back any longer
  std::uint32_t yields_ = 0;
  bool goes_on_ = false;  ///< without a reason, threads are not switched in this execution
  std::vector<LastWrite> last_writes_;
  ThreadId running_ = main_thread;
  std::array<NextStep, threads_max> next_{};
  std::array<std::uint32_t, threads_max> priority_{};  ///< 0: not drawn
};

}  // namespace mapquake
