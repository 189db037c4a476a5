// Runs one program on one map: construct, prefill, threads, final look-ups, destroy; and judges what was seen.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_state.hpp"
#include "harness/history/history.hpp"
#include "harness/oracle/oracles.hpp"
#include "harness/runtime/execution.hpp"
#include "harness/strategy/strategy.hpp"

#include <array>
#include <string>
#include <vector>

namespace mapquake {

/// Did the call end by an exception that a fault may account for?
inline bool is_injected(CallStatus status) {
  return status == CallStatus::threw_bad_alloc || status == CallStatus::threw_injected;
}

/// One per worker process; the runtime must be open. The answer of run() depends on its arguments alone.
class MapRunner {
 public:
  MapRunner(const abi::Plugin& plugin, const abi::Map& map);

  /// `recording` as in runtime::Setup. The reference is valid until the next run().
  const Violation& run(const Program& program, Strategy& strategy, std::uint64_t seed,
                       const runtime::Recording& recording, const runtime::FaultPlan& faults = {});
  /// What the map holds at a moment of that run: of its execution with these choices, of which nothing is kept.
  /// Requires: `recording` has room for a trace; the map is no program.
  MapState look(std::uint64_t at, const Program& program, Strategy& strategy, const runtime::Recording& recording,
                const runtime::FaultPlan& faults);
  /// What allocated blocks hold in the runs that follow: memory::fresh_pattern, unless told otherwise.
  void fill_fresh_memory(std::uint8_t with) { fresh_contents_ = with; }
  /// In the runs that follow, races with these fingerprints end nothing; how often each was met is added to its element
  /// of `hits`. Requires: as many, which live until the next call.
  void pass_races(std::span<const std::uint64_t> known, std::span<std::uint32_t> hits) {
    known_ = known;
    known_hits_ = hits;
  }
  /// Which endless loops of this map are known, for the runs that follow.
  void expect_loops(runtime::KnownLoops known) { known_loops_ = known; }
  /// In the runs that follow, these calls are not made, and main makes them at the end: as if each had failed without
  /// any effect.
  void leave_out(std::vector<CallId> calls) { left_out_ = std::move(calls); }
  /// Replaces the verdict of the last run by a better one.
  void set_verdict(Violation violation) { violation_ = std::move(violation); }

  /// The races of this program count only where nothing else comes to light (runtime::RaceMode::note).
  bool only_notes_races(const Program& program) const;
  const Violation& violation() const { return violation_; }
  const History& history() const { return history_; }
  const std::string& dump() const { return dump_; }
  std::uint64_t undecided() const { return oracles_.undecided(); }
  const abi::Map& map() const { return map_; }

 private:
  friend struct RunnerEntry;
  runtime::Setup prepare(const Program& program, Strategy& strategy, std::uint64_t seed,
                         const runtime::Recording& recording, const runtime::FaultPlan& faults);
  void name_race_before();
  void main_thread_body();
  void program_thread_body(ThreadId thread);
  void prefill();
  void record_range();
  runtime::FaultPlan kept_to_claims(runtime::FaultPlan faults) const;
  std::optional<Violation> judge(const Program& program);
  Claims claims_for(const Program& program) const;
  template <class Code>
  abi::Response run_as_hook(OpIndex op, const Code& code);
  void call_hook(abi::Hook hook, OpIndex op);
  void close_cursor(ThreadId thread, OpIndex op);
  void retry_failed();
  std::optional<Violation> unexplained_exception() const;
  void look_ups();
  std::uint32_t invoke(ThreadId thread, OpIndex op, const Operation& operation);
  void examine();
  bool may_run_beside(OpKind kind, const Call& under_way) const;
  ThreadId in_the_way_of(OpKind kind) const;
  void observe(ThreadId observer, MapState& state);
  std::string dumped() const;

  const abi::Map& map_;
  abi::Host& host_;
  HistoryOracles oracles_;
  std::uint8_t fresh_contents_ = memory::fresh_pattern;
  runtime::KnownLoops known_loops_;
  std::span<const std::uint64_t> known_;
  std::span<std::uint32_t> known_hits_;
  std::vector<CallId> left_out_;
  Violation violation_;

  // Invariant: valid during run() only.
  const Program* program_ = nullptr;
  void* object_ = nullptr;
  History history_;
  std::uint32_t clock_ = 0;
  OpIndex main_op_ = 0;
  bool exceptions_seen_ = false;
  std::vector<std::int64_t> keys_;
  std::array<std::vector<Visit>, threads_max> visits_;
  std::array<void*, threads_max> cursors_{};  ///< of each thread: the plugin's, null where it has none
  std::string dump_;
};

}  // namespace mapquake
