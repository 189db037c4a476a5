// Every execution of one small program, up to the order of steps that do not touch the same: stateless search with
// source sets and sleep sets (Abdulla, Aronis, Jonsson, Sagonas: "Source sets: a foundation for optimal dynamic partial
// order reduction", JACM 64(4), 2017, algorithm 1). With a bound on preemptions, the backtrack points of Coons,
// Musuvathi & McKinley ("Bounded partial-order reduction", OOPSLA 2013, section 4) and no sleep sets: what a sleeping
// thread would show may lie beyond the bound where it sleeps.
//
//   PartialOrderSearch search({.preemptions_max = 2});
//   while (search.next()) run(search);   // run() calls begin() first
//   if (search.exhausted()) …            // nothing else is within the bound
#pragma once

#include "harness/strategy/footprint.hpp"
#include "harness/strategy/strategy.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mapquake {

/// Why the executions that were run are not all there are, or not all were judged, as bits.
enum class Gap : std::uint32_t {
  time = 1,             ///< a thread reads the clock, or waits for it: durations are not explored
  barrier = 2,          ///< membarrier(2)
  main_runs = 4,        ///< the map's own threads run while the main thread does
  many_threads = 8,     ///< more than threads_max
  long_execution = 16,  ///< one took more than steps_max steps
  wide_choice = 32,     ///< the map chooses among more than answers_max
  overruled = 64,       ///< threads ran in another order than was asked for, so that none starves
  diverged = 128,       ///< a beginning that was repeated went another way
  undecided = 256,      ///< told by whoever judges: the answers of one were too entangled
  unseen_code = 512,    ///< told by whoever knows the map: parts of it are not instrumented
};

/// A step of a thread is what it does from one scheduling point to the next; plain accesses are no points here. Steps
/// conflict by what they touch (Footprint). All answers to all other choices of a step are gone through.
///
/// A thread that stands before a mutex of another is not run before that is let go, unless nobody else can run: an
/// attempt that fails shows nothing that others see.
///
/// A thread that yields, twice in a row after the same accesses to the same places, goes round in a loop. It is not run
/// again before others have changed something that it touched in the last round, or nobody else can run: as if the
/// rounds that show nothing new were none. Where that held a thread back, loops_wait() says so.
class PartialOrderSearch final : public Strategy {
 public:
  static constexpr unsigned threads_max = 64;
  static constexpr std::size_t steps_max = 4096;
  static constexpr std::uint32_t answers_max = 64;
  static constexpr std::uint32_t unbounded = UINT32_MAX;

  /// What a step answers for itself. Other kinds stop threads, or move time or memory for all of them.
  static constexpr std::uint32_t explored_kinds =
      exception_kinds | fault_bit(ChoiceKind::stale_read) | fault_bit(ChoiceKind::spurious_wake) |
      fault_bit(ChoiceKind::spurious_cas) | fault_bit(ChoiceKind::try_fail) | fault_bit(ChoiceKind::reader_waits) |
      fault_bit(ChoiceKind::wake_order);

  struct Options {
    std::uint32_t preemptions_max = unbounded;
    /// Bit per ChoiceKind of explored_kinds whose answers are gone through; those of the map (ChoiceKind::adapter)
    /// always are.
    std::uint32_t fault_mask = 0;
  };
  explicit PartialOrderSearch(Options options);

  bool next() override;
  bool exhausted() const override { return done_ && gaps_ == 0; }
  /// Bits of Gap, of the executions so far.
  std::uint32_t gaps() const { return gaps_; }
  bool loops_wait() const { return loops_wait_; }
  /// Executions that turned out, on the way, to be as one before (blocked by their sleep set).
  std::uint64_t redundant() const { return redundant_; }

  /// `seed` has no influence.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override;
  std::uint32_t fault_kinds() const override { return options_.fault_mask; }
  bool follows_effects() const override { return true; }
  void effect(Effect effect, std::uint64_t location, std::uint64_t bytes) override;

 private:
  using ThreadSet = std::uint64_t;
  using Clock = std::array<std::uint16_t, threads_max>;
  static constexpr std::size_t nowhere = SIZE_MAX;

  struct Answer {
    std::uint32_t n = 1;
    std::uint32_t take = 0;
  };
  struct Sleeper {
    ThreadId thread = 0;
    Footprint did;
  };
  /// A step, and what is known of the state before it.
  struct Step {
    ThreadId thread = main_thread;
    std::vector<Answer> answers;
    Footprint did;
    Footprint did_before;               ///< the same thread here, with other answers
    std::size_t enabler = nowhere;      ///< the step that made the thread ready
    std::uint64_t waits_for = 0;        ///< the lock that it stood before
    std::vector<std::uint64_t> let_go;  ///< mutexes
    std::vector<std::size_t> rivals;    ///< that took, last before, the mutexes that this one takes or waits for
    std::uint16_t number = 0;           ///< of the thread's steps, from 1
    Clock clock{};                      ///< of each thread, how many steps happen before this one or are it

    Point asked;  ///< next is not kept
    ThreadSet enabled = 0;
    ThreadSet backtrack = 0;
    ThreadSet done = 0;
    std::vector<Sleeper> sleep;
    std::uint32_t preemptions = 0;  ///< before it
  };
  /// Of the execution that runs, per thread.
  struct Standing {
    Footprint pending;  ///< the event that it stands before
    Footprint round;    ///< what it has touched since it last yielded
    std::uint64_t round_hash = 0;
    std::uint64_t last_round_hash = 0;
    bool disturbed = false;  ///< others have changed something of it since, or it was told what is not there
    Footprint awaited;
    bool awaits = false;
    std::uint64_t waits_for = 0;  ///< the lock that it stands before
    std::size_t enabler = nowhere;
  };

  struct Mutex {
    std::uint64_t location = 0;
    std::size_t taken_at = 0;  ///< the step
    bool is_held = false;
  };

  static constexpr ThreadSet bit(ThreadId thread) { return ThreadSet{1} << thread; }
  bool is_bounded() const { return options_.preemptions_max != unbounded; }
  static bool preempts(const Step& step, ThreadId thread);
  bool is_within_bound(const Step& step, ThreadId thread) const;
  void fill_gap(Gap gap) { gaps_ |= static_cast<std::uint32_t>(gap); }

  bool can_follow(const Point& point, std::span<const ThreadId> ready);
  void note_lock(Effect effect, std::uint64_t location);
  const Mutex* mutex_at(std::uint64_t location) const;
  bool is_held_by_another(std::uint64_t lock, ThreadId thread) const;
  void end_step();
  void stands_before(const Point& point);
  ThreadSet enabled_of(std::span<const ThreadId> ready);
  bool make_step(const Point& point, ThreadSet enabled);
  bool is_as_before(const Step& step, const Point& point, ThreadSet enabled) const;
  ThreadId start_step();
  bool advance();
  bool take_another_answer(Step& step);
  bool take_another_thread(Step& step);

  // dpor_races.cpp
  void analyse(std::size_t at);
  void add_race(std::size_t earlier, std::size_t later, const Clock& before_later);
  void add_source(std::size_t earlier, std::size_t later, const Clock& before_later);
  void add_conservatively(std::size_t earlier, ThreadId thread);

  Options options_;
  std::vector<Step> steps_;     ///< the first is main's, before the threads begin
  std::size_t fresh_from_ = 0;  ///< steps from here on have not been analysed
  bool done_ = false;
  bool loops_wait_ = false;
  std::uint32_t gaps_ = 0;
  std::uint64_t redundant_ = 0;

  std::size_t at_ = 0;      ///< the step that runs
  std::size_t answer_ = 0;  ///< its next question
  bool follows_ = true;     ///< false: from here on nothing is recorded
  bool records_ = false;    ///< a program's thread runs
  ThreadId running_ = main_thread;
  ThreadSet ready_before_ = 0;
  std::array<Standing, threads_max> standing_;
  std::vector<Mutex> mutexes_;  ///< of the execution that runs, those that were taken
  unsigned seen_ = 1;           ///< threads whose standing is not as at first
};

}  // namespace mapquake
