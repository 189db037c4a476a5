// The programs of an exploration: one that was given, or drawn by a scenario, or bred of those that covered what none
// before them had (coverage-guided search as AFL's and libFuzzer's: Zalewski, "Technical details for afl-fuzz", 2016;
// of what a program is worth only its newness counts here).
#pragma once

#include "harness/case/kept_programs.hpp"
#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

/// Where programs may be bred, so many of 100 are. The others are new, so that the search never narrows.
inline constexpr unsigned bred_percent = 50;

class ProgramSource {
 public:
  /// Requires a scenario, or a program that is given. All three have to outlive it.
  ProgramSource(const Slot& slot, const ExploreRequest& request, const MapRunner& runner);

  /// Every program is the same one.
  bool is_given() const { return request_.program.has_value(); }
  /// Every program is a single one that runs, or fails, at each of its points.
  bool sweeps() const { return scenario_ != nullptr && scenario_->sweeps_failures(); }
  std::uint64_t seed_of(std::uint64_t number) const;

  /// The program of this number, within its limits. It follows from the request, the number and the programs that were
  /// kept before: also in a process that takes over from one that has died.
  Program draw(std::uint64_t number);
  /// The program that was drawn last has run under all its schedules: it is kept if it covered something new.
  void has_run();

 private:
  Program drawn(std::uint64_t number) const;

  const Slot& slot_;
  const ExploreRequest& request_;
  const MapRunner& runner_;
  const Scenario* const scenario_;
  ScenarioOptions options_;
  std::vector<Budget> budgets_;
  const KeptPrograms inherited_;
  KeptPrograms kept_;
  Program last_;                        ///< without its limits
  std::vector<std::uint64_t> covered_;  ///< before it ran
};

}  // namespace mapquake
