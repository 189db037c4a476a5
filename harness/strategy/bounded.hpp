// Iterative context bounding (Musuvathi & Qadeer: "Iterative context bounding for systematic testing of multithreaded
// programs", PLDI 2007, section 3): every schedule with no preemption, then every one with one, and so on. Most bugs
// need two or fewer, and the first failing schedule has the fewest that any has.
//
//   BoundedSearch search(2);
//   while (search.next()) run(search);   // run() calls begin() first
//   if (search.exhausted()) …            // no other schedule has at most two preemptions
#pragma once

#include "harness/strategy/fairness.hpp"
#include "harness/strategy/strategy.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace mapquake {

/// A schedule is a list of deviations from default_thread(), each at the logical address of its question. Executing it
/// queues, for every question after its last deviation and every other ready thread, the schedule with that deviation
/// added. A switch away from a thread that could go on costs one; forced switches and those at a yield are free, the
/// latter restricted to threads that are due by Fairness, without which a spin loop would have endless free schedules.
/// Faults are not explored: wrap in PinnedStrategy for those.
class BoundedSearch final : public Strategy {
 public:
  static constexpr unsigned depth_max = 16;
  static constexpr std::size_t schedules_max_default = std::size_t{1} << 20;

  /// At most `depth` preemptions, at most depth_max. `schedules_max` bounds what is ever queued (20 bytes each, touched
  /// only as needed); beyond it schedules are lost, and exhausted() stays false.
  explicit BoundedSearch(unsigned depth, std::size_t schedules_max = schedules_max_default);

  /// Moves to the next schedule. To be called before each execution, the first as well. False: there is none left.
  bool next() override;
  /// Every schedule within the depth was run: next() answered false, nothing was lost to the limit, and every prefix
  /// was met again as it was recorded.
  bool exhausted() const override { return done_ && !lost_; }
  /// Preemptions of the current schedule. Never decreases.
  unsigned preemptions() const;
  std::size_t queued() const { return queued_; }

  /// `seed` has no influence.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  /// Always 0.
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override;
  std::uint32_t next_forced_event(ThreadId thread, OpIndex op) override;

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  struct Schedule {
    std::uint32_t parent = none;  ///< the schedule without the last deviation
    std::uint32_t after = none;   ///< next in the queue
    std::uint32_t event = 0;      ///< address of the last deviation
    ThreadId thread = 0;
    OpIndex op = 0;
    ThreadId take = 0;
    std::uint8_t preemptions = 0;
    std::uint8_t stop = 0;  ///< why the thread stopped there: a point and a block may share one event
  };
  struct Queue {
    std::uint32_t first = none;
    std::uint32_t last = none;
  };

  void branch(const Point& point, std::span<const ThreadId> ready, ThreadId usual);
  void push(const Schedule& schedule);

  unsigned depth_;
  std::size_t schedules_max_;
  std::size_t queued_ = 0;
  bool done_ = false;
  bool lost_ = false;
  Fairness fairness_;
  ThreadId running_ = main_thread;

  /// Invariants: 1. parents stand before children; schedules_ never reallocates. 2. queue i holds, in order of
  /// discovery, the schedules with i preemptions that have not run. 3. prefix_ are the deviations of current_ in order.
  std::vector<Schedule> schedules_;
  std::vector<Queue> queues_;
  std::uint32_t current_ = none;
  std::vector<Schedule> prefix_;
  std::size_t matched_ = 0;  ///< deviations of prefix_ made so far
};

}  // namespace mapquake
