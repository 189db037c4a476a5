// Uninitialised reads, found by experiment: an execution that read memory which nothing had written is run again, with
// the same choices and other contents of fresh memory. Executions are deterministic, so whatever differs (an answer,
// the outcome, which way the code goes) was decided by a value that nobody wrote; no propagation of shadow values is
// needed, and what is merely copied raises no alarm.
#pragma once

#include "harness/worker/map_runner.hpp"

#include <unordered_map>
#include <vector>

namespace mapquake {

class FreshMemory {
 public:
  explicit FreshMemory(MapRunner& runner) : runner_(runner) {}

  /// From now on executions that end clean are put to the test only as long as that costs a few percent of the time.
  void sample() { samples_ = true; }

  /// To be asked after each run, whose choices `recording` holds. True: the verdict is an uninitialised read now. The
  /// runner's state, and the recording, remain those of that run.
  bool decides(const Program& program, const runtime::Recording& recording);

 private:
  /// What an execution was like, as far as contents of fresh memory may have a say in it.
  struct Observed {
    Violation violation;
    History history;
    std::uint64_t hash = 0;
    std::uint64_t steps = 0;
  };

  bool worth_testing();
  Observed observe() const;
  static bool equal(const Observed& one, const Observed& other);
  void give_verdict(const Observed& filled, const Observed& zeroed, const runtime::Recording& recording);
  static reason::UnwrittenDecides difference(const Observed& filled, const Observed& zeroed);

  MapRunner& runner_;
  bool samples_ = false;
  std::uint64_t executions_ = 0;
  std::uint64_t tests_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> tests_at_;  ///< by instruction
  std::vector<Choice> unused_choices_;
  std::vector<TraceEvent> other_trace_;
};

}  // namespace mapquake
