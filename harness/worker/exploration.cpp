#include "harness/worker/exploration.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/history/symptom.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/strategy/portfolio.hpp"
#include "harness/worker/answers.hpp"
#include "harness/worker/defect_fingerprint.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/known_hits.hpp"
#include "harness/worker/libfiu.hpp"
#include "harness/worker/program_source.hpp"
#include "harness/worker/schedules.hpp"
#include "harness/worker/second_look.hpp"
#include "harness/worker/self_check.hpp"
#include "harness/worker/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace mapquake {
namespace {

using Clock = std::chrono::steady_clock;

/// One request. The runner knows of no loops and no races behind it.
class Explorer {
 public:
  Explorer(const Slot& slot, const ExploreRequest& request, MapRunner& runner)
      : slot_(slot),
        live_(slot.live()),
        at_(slot.live().exploration),
        request_(request),
        plan_(request.plan),
        runner_(runner),
        recording_(recording_into(slot, false)),
        faults_(plan_for(request.plan)),
        known_(request.known, slot.live().exploration),
        programs_(slot, request, runner),
        strategies_(request.plan.strategy, request.plan.fault_mask),
        runs_(runner),
        self_check_(runner),
        loops_{known_.is_known(fingerprint_of_loop(Outcome::livelock)),
               known_.is_known(fingerprint_of_loop(Outcome::hang))},
        unknown_before_(runner.undecided()) {
    fault::allow_points(plan_.declared_only);
    runs_.sample_fresh_memory();
    runs_.recognise_failures();
    runner_.expect_loops(loops_);
    pass_known_races();
  }
  Explorer(const Explorer&) = delete;
  Explorer& operator=(const Explorer&) = delete;
  ~Explorer() {
    runner_.expect_loops({});
    runner_.pass_races({}, {});
    at_.unknown = runner_.undecided() - unknown_before_;
    const std::string points = fault::discovered_points();
    const std::size_t length = std::min(sizeof at_.declared_points - 1, points.size());
    std::memcpy(at_.declared_points, points.data(), length);
    at_.declared_points[length] = 0;
  }

  ExploreAnswer go() {
    const auto deadline =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(request_.seconds_max));
    while (!is_over() && (at_.programs == 0 || Clock::now() < deadline)) {
      if (explore_program(request_.first_program + at_.programs)) return answer_;
      if (is_stopped()) return answer_;
      at_.dead_ends.learn(at_.stepped_over.dear_kinds(), came_back_);
      ++at_.programs;
      programs_.has_run();
    }
    return answer_;
  }

 private:
  bool is_stopped() const { return live_.stop.load(std::memory_order_relaxed) != 0; }
  bool is_over() const { return executed_ >= request_.executions_max || is_stopped(); }
  /// Nothing to choose from but schedules.
  bool one_only() const { return programs_.is_given() || is_program(runner_.map().operations); }

  void pass_known_races() {
    if (plan_.races == Races::report) runner_.pass_races(known_.known(), known_.hits());
  }

  /// What an explored execution shows of the map's phases.
  void note_phases() {
    if (request_.tables.known()) at_.phases.add(runner_.history(), request_.tables);
  }

  /// Nobody who replays it knows which races were known: how many were passed says it.
  void find() {
    const std::uint32_t passed = runtime::totals().races_passed;
    if (passed != 0) {
      program_.races_passed = runner_.violation().outcome == Outcome::data_race ? passed : all_races;
      slot_.write_running_program(program_);
    }
    answer_.found = true;
    answer_.execution = execution_of(runner_, runner_.violation());
  }

  bool is_the_same() {
    ++at_.repeated;
    runner_.pass_races({}, {});
    const bool parts = self_check_.parts(program_, recording_);
    pass_known_races();
    return !parts;
  }

  std::uint32_t schedules_of_program(std::uint64_t number) const {
    // One thread has one schedule, but the map may draw numbers of its own; and a program starts further threads.
    if (program_.threads.size() <= 1 && !one_only()) return schedules_of_one_thread;
    return one_only() ? plan_.schedules_max : schedules_of(number, plan_.schedules_max);
  }

  /// True: it has found a failure.
  bool explore_program(std::uint64_t number) {
    const std::uint64_t seed = programs_.seed_of(number);
    const std::uint32_t first_schedule = at_.programs == 0 ? request_.first_schedule : 0;
    program_ = programs_.draw(number);
    came_back_ = 0;
    at_.program_number = number;
    at_.stepped_over = first_schedule == 0 ? SteppedOver{} : at_.stepped_over;
    // Its turn comes, too: dead ends are tried now and then.
    if (!one_only() && !at_.dead_ends.apply(program_, number)) return false;
    at_.stepped_over.apply(program_);
    slot_.write_running_program(program_);
    at_.schedule_number = 0;
    at_.executions_in_program = 0;
    memory::sharing.forget();
    if (programs_.sweeps()) return first_schedule == 0 && sweep_program(seed);
    strategies_.begin_program(number, program_.operation_count());
    const std::uint32_t schedules = schedules_of_program(number);
    for (std::uint32_t n = first_schedule; n < schedules + at_.stepped_over.count() && !is_over(); ++n) {
      if (explore_schedule(n, mix64(seed + n))) return true;
    }
    return false;
  }

  bool sweep_program(std::uint64_t seed) {
    const SweepBooks books{live_, known_, [this] { note_phases(); }};
    const SweepResult swept = sweep(runs_, program_, plan_.fault_mask, seed, recording_, books);
    executed_ += swept.executions;
    if (swept.found) {
      find();
      return true;
    }
    at_.sweep_points += swept.points;
    return false;
  }

  /// Takes the call that ended the program's first schedule out of it. True: there was one.
  bool step_over(const Violation& violation) {
    const bool dear = is_endless_loop(violation.outcome) || violation.outcome == Outcome::stack_overflow;
    // As long as a thousand executions; a loop that is known ends much sooner.
    const bool ruinous =
        violation.outcome == Outcome::stack_overflow || violation.label == name_of(Symptom::no_scheduling_point);
    const CallKinds hopeless = ruinous ? ~CallKinds{0} : at_.dead_ends.suspects();
    return at_.stepped_over.step_over(runner_.history(), dear, hopeless, program_);
  }

  /// True: it has found a failure.
  bool explore_schedule(std::uint32_t n, std::uint64_t seed) {
    at_.schedule_number = n;
    loops_.execution = seed;
    runner_.expect_loops(loops_);
    const std::uint32_t own_number = n - at_.stepped_over.count();
    const Violation& violation = runs_.run(program_, strategies_.pick(own_number), seed, recording_, faults_);
    strategies_.end_execution();
    tally(live_);
    if (plan_.usage) slot_.usage().add(runner_.history());
    note_phases();
    ++executed_;
    ++at_.executions_in_program;
    if (violation.outcome == Outcome::clean) {
      if (own_number == 0) came_back_ = kinds_of(program_);
      if (!SelfCheck::is_due(seed) || was_weak_in_vain(recording_, faults_) || is_the_same()) return false;
      if (known_.count_if_known(fingerprint_of(runner_, runner_.violation()))) return false;
    } else if (known_.count_if_known(runs_.fingerprint())) {
      const bool is_first = own_number == 0 && !one_only();
      if (is_first && step_over(violation)) slot_.write_running_program(program_);
      return false;
    } else if (may_look_otherwise(violation, recording_, faults_)) {
      const bool limit_is_asked = plan_.steps_max != 0 || runner_.map().steps_max != 0;
      const bool clean = settled(runs_, program_, recording_, limit_is_asked).outcome == Outcome::clean;
      slot_.write_running_program(program_);
      if (clean || known_.count_if_known(runs_.fingerprint())) return false;
    }
    answer_.beyond_claims = violation.outcome == Outcome::data_race && runner_.only_notes_races(program_);
    find();
    return true;
  }

  const Slot& slot_;
  Live& live_;
  Exploration& at_;
  const ExploreRequest& request_;
  const Plan& plan_;
  MapRunner& runner_;
  const runtime::Recording recording_;
  const runtime::FaultPlan faults_;
  const KnownHits known_;
  ProgramSource programs_;
  Portfolio strategies_;
  JudgedRuns runs_;
  SelfCheck self_check_;
  runtime::KnownLoops loops_;
  const std::uint64_t unknown_before_;
  std::uint64_t executed_ = 0;
  Program program_;          ///< that runs
  CallKinds came_back_ = 0;  ///< of it: in its first schedule, if that was clean
  ExploreAnswer answer_;
};

}  // namespace

ExploreAnswer serve_explore(const Slot& slot, const ExploreRequest& request, MapRunner& runner) {
  return Explorer(slot, request, runner).go();
}

}  // namespace mapquake
