// One shrink in progress: the best case so far, what it may still cost, and the only two ways to a better one:
// replaying a candidate's choices, and searching another schedule for its program.
#pragma once

#include "harness/shrink/measure.hpp"
#include "harness/shrink/shrink.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mapquake {

/// How hard to look for a failing schedule of a candidate whose own choices do not fail any more.
struct Effort {
  std::uint32_t bounded_runs = 0;  ///< systematic, fewest preemptions first; 0: none
  std::uint32_t random_runs = 0;   ///< of random walk, and again of PCT; 0: none
  std::uint32_t place_runs = 0;    ///< with each fault in turn at other places; 0: none
  std::uint32_t order_runs = 0;    ///< of partial order sampling, for cases beyond depth_max; 0: none
};

class Session {
 public:
  /// Searches never look for more preemptions than this: their number grows exponentially.
  static constexpr std::uint32_t depth_max = 4;

  Session(Executor& executor, Outcome outcome, const std::string& label, const ShrinkOptions& options);

  /// Makes `failing` the best case. False if it does not fail as it should, in several attempts.
  bool start(const Case& failing);

  const Case& best() const { return accepted_.back(); }
  /// The case that start() was given.
  const Case& first() const { return accepted_.front(); }
  const Execution& execution() const { return execution_; }
  std::uint64_t runs() const { return runs_; }
  /// How often the best case was replaced by a better one.
  std::size_t improvements() const { return accepted_.size() - 1; }
  /// True once runs_max or seconds_max are used up; then nothing more is executed.
  bool spent() const;
  std::uint32_t runs_left() const;

  /// Each answers whether the candidate became the best case. It did so only if it is smaller (measure.hpp) and its
  /// replay failed with the outcome and label asked for.
  bool replay(const Case& candidate);
  bool attempt(const Case& candidate, const Effort& effort);

  struct Found {
    bool accepted = false;
    bool exhausted = false;  ///< no schedule with at most `depth` preemptions fails
  };
  /// Another schedule of `program`, with `faults` happening where they are, and at most `depth` preemptions where
  /// the search is bounded. Where that fails, and the effort provides for it, one of the faults may happen elsewhere.
  Found search(const Program& program, std::span<const Choice> faults, std::uint32_t depth, const Effort& effort);
  /// `program` with `faults` happening where they are, and `moved` at any place; at most depth() preemptions.
  bool strike_elsewhere(const Program& program, std::span<const Choice> faults, const Choice& moved,
                        std::uint32_t runs);
  /// Random schedules (PCT and random walk) of the best program, its faults happening where they are: `runs` of each.
  /// Another `round`, other schedules.
  bool sample(std::uint32_t runs, std::uint32_t round);
  /// Of the best program's failing schedules with as few preemptions as the best case has, the one that a systematic
  /// search comes to first: whatever a case was found by, it ends at the same. False: that one was the best already, or
  /// `runs` did not suffice.
  bool settle_on_first_schedule(std::uint32_t runs);
  /// What the best case did.
  Trace trace_of_best();
  /// Preemptions of the best case, at most depth_max.
  std::uint32_t depth() const;

  /// The answer. Goes back to earlier best cases if the last one does not fail any more (a map, or a runtime, that is
  /// not deterministic).
  ShrinkResult finish(Minimality minimality, std::uint64_t removals_checked);

 private:
  /// What it cannot be asked passes.
  bool can_be_asked(const Program& program) const;
  bool fails(const Execution& execution) const;
  bool is_better(const Case& candidate, const Execution& execution) const;
  bool accept(const Case& candidate, Execution execution);
  /// Executes the candidate; of what goes round in loops in two steps, for most is not accepted.
  bool run(const Case& candidate);
  bool replace_best(Case reported, Execution execution);
  SearchRequest request_for(const Program& program, std::span<const Choice> faults, std::uint64_t key) const;
  Found run_search(SearchRequest& request, std::uint32_t runs);
  bool run_random(SearchRequest& request, std::uint32_t runs);
  bool run_places(SearchRequest& request, std::uint32_t runs);
  double seconds() const;

  Executor& executor_;
  Outcome outcome_;
  std::string label_;
  HeldNumbers numbers_;         ///< those of the options that the failing program is within
  std::uint64_t race_ = 0;      ///< fingerprint of the data race that is shrunk: another one is another defect
  bool attempts_tell_ = false;  ///< an attempt of what is shrunk fails as it does
  const ShrinkOptions& options_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::uint64_t runs_ = 0;

  /// Invariants, once start() has answered true: 1. accepted_ are the best cases so far, latest last, never empty.
  /// 2. execution_ is that of the last one, and its choices are those that it made.
  std::vector<Case> accepted_;
  Execution execution_;
  /// What is known not to fail need not be run again; keyed by a hash of program, choices and, for searches, effort.
  std::unordered_set<std::uint64_t> passed_;
  std::unordered_map<std::uint64_t, bool> searched_;  ///< value: exhausted
};

}  // namespace mapquake
