#include "harness/shrink/session.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/stopwatch.hpp"
#include "harness/history/symptom.hpp"
#include "harness/shrink/fingerprint.hpp"
#include "harness/shrink/remap.hpp"

#include <algorithm>

namespace mapquake {
namespace {

/// A case that fails now and then is shown as failing if it does so once in so many runs.
constexpr unsigned confirmations_max = 5;
constexpr std::uint32_t pct_depth = 3;

std::uint32_t mask_of(std::span<const Choice> faults) {
  std::uint32_t mask = 0;
  for (const Choice& choice : faults) mask |= fault_bit(choice.kind);
  return mask & ~fault_bit(ChoiceKind::adapter);
}

}  // namespace

Session::Session(Executor& executor, Outcome outcome, const std::string& label, const ShrinkOptions& options)
    : executor_(executor), outcome_(outcome), label_(label), options_(options) {
  MQ_ASSERT(outcome != Outcome::clean);
}

double Session::seconds() const {
  return seconds_since(started_);
}

bool Session::spent() const {
  return runs_ >= options_.runs_max || seconds() >= options_.seconds_max;
}

std::uint32_t Session::runs_left() const {
  if (spent()) return 0;
  const std::uint64_t left = options_.runs_max - runs_;
  // A search cannot be stopped by the clock, so it gets no more runs than the time left is likely to hold.
  const double per_run = seconds() / static_cast<double>(std::max<std::uint64_t>(runs_, 1));
  const double affordable = (options_.seconds_max - seconds()) / std::max(per_run, 1e-9);
  return static_cast<std::uint32_t>(std::min(static_cast<double>(left), std::max(affordable, 1.0)));
}

bool Session::fails(const Execution& execution) const {
  if (execution.violation.outcome != outcome_ || !stands_for(execution.violation.label, label_)) return false;
  return race_ == 0 || execution.fingerprint == race_;
}

bool Session::can_be_asked(const Program& program) const {
  return keys_within(numbers_.keys, program) && values_within(numbers_.values, program);
}

bool Session::start(const Case& failing) {
  if (keys_within(options_.numbers.keys, failing.program)) numbers_.keys = options_.numbers.keys;
  if (values_within(options_.numbers.values, failing.program)) numbers_.values = options_.numbers.values;
  for (unsigned i = 0; i < confirmations_max; ++i) {
    ++runs_;
    Execution execution = executor_.execute(failing, false);
    if (!fails(execution)) continue;
    if (outcome_ == Outcome::data_race) race_ = execution.fingerprint;
    accepted_.push_back({failing.program, execution.choices});
    execution_ = std::move(execution);
    ++runs_;
    attempts_tell_ = fails(executor_.attempt(failing));
    return true;
  }
  accepted_.push_back(failing);
  return false;
}

bool Session::is_better(const Case& candidate, const Execution& execution) const {
  return fails(execution) && measure({candidate.program, execution.choices}, execution) < measure(best(), execution_);
}

bool Session::accept(const Case& candidate, Execution execution) {
  if (!is_better(candidate, execution)) return false;
  Case reported{candidate.program, execution.choices};
  return replace_best(std::move(reported), std::move(execution));
}

bool Session::replace_best(Case reported, Execution execution) {
  accepted_.push_back(std::move(reported));
  execution_ = std::move(execution);
  if (options_.progress) options_.progress(best(), runs_);
  return true;
}

bool Session::replay(const Case& candidate) {
  if (spent() || !can_be_asked(candidate.program)) return false;
  if (!passed_.insert(fingerprint(candidate.program, candidate.choices)).second) return false;
  return run(candidate);
}

bool Session::run(const Case& candidate) {
  if (attempts_tell_) {
    ++runs_;
    Execution tried = executor_.attempt(candidate);
    if (!is_endless_loop(outcome_)) return accept(candidate, std::move(tried));
    if (!is_better(candidate, tried)) return false;
  }
  ++runs_;
  return accept(candidate, executor_.execute(candidate, false));
}

bool Session::attempt(const Case& candidate, const Effort& effort) {
  if (replay(candidate)) return true;
  for (std::vector<Choice>& choices : other_ages(candidate.choices)) {
    if (replay({candidate.program, std::move(choices)})) return true;
  }
  return search(candidate.program, faults_of(candidate.choices), depth(), effort).accepted;
}

bool Session::settle_on_first_schedule(std::uint32_t runs) {
  if (spent() || execution_.preemptions == 0 || execution_.preemptions > depth_max) return false;
  SearchRequest request = request_for(best().program, faults_of(best().choices), 0);
  request.kind = SearchKind::bounded;
  request.depth = execution_.preemptions;
  request.executions_max = std::min(runs, runs_left());
  const SearchResult result = executor_.search(request);
  runs_ += result.executions;
  if (!result.found || spent()) return false;
  ++runs_;
  Execution execution = executor_.execute({request.program, result.execution.choices}, false);
  Case reported{request.program, execution.choices};
  const bool as_small =
      fails(execution) && without_places(measure(reported, execution)) == without_places(measure(best(), execution_));
  if (!as_small || reported.choices == best().choices) return false;
  // What was refused because the best case was smaller then may be smaller than this one.
  passed_.clear();
  return replace_best(std::move(reported), std::move(execution));
}

Trace Session::trace_of_best() {
  ++runs_;
  return executor_.execute(best(), true).trace;
}

std::uint32_t Session::depth() const {
  return std::min(execution_.preemptions, depth_max);
}

Session::Found Session::run_search(SearchRequest& request, std::uint32_t runs) {
  request.executions_max = std::min(runs, runs_left());
  if (request.executions_max == 0) return {};
  const SearchResult result = executor_.search(request);
  runs_ += result.executions;
  if (!result.found) return {.exhausted = result.exhausted};
  // What counts is what its replay does, and only that is accepted.
  return {.accepted = run({request.program, result.execution.choices})};
}

SearchRequest Session::request_for(const Program& program, std::span<const Choice> faults, std::uint64_t key) const {
  SearchRequest request;
  request.program = program;
  request.seed = options_.seed ^ key;
  request.outcome = outcome_;
  request.label = label_;
  request.race = race_;
  request.of_attempts = attempts_tell_;
  request.pinned.assign(faults.begin(), faults.end());
  return request;
}

bool Session::run_random(SearchRequest& request, std::uint32_t runs) {
  request.fault_mask = mask_of(request.pinned);
  request.kind = SearchKind::pct;
  request.depth = pct_depth;
  if (run_search(request, runs).accepted) return true;
  request.kind = SearchKind::random_walk;
  return run_search(request, runs).accepted;
}

/// `pinned` holds the faults; all of them but one stay where they are.
bool Session::run_places(SearchRequest& request, std::uint32_t runs) {
  const std::vector<Choice> faults = request.pinned;
  request.kind = SearchKind::places;
  bool accepted = false;
  for (std::size_t i = 0; i < faults.size() && !accepted; ++i) {
    if (faults[i].kind == ChoiceKind::adapter) continue;
    request.moved = faults[i];
    request.pinned = faults;
    request.pinned.erase(request.pinned.begin() + static_cast<std::ptrdiff_t>(i));
    accepted = run_search(request, runs).accepted;
  }
  request.pinned = faults;
  return accepted;
}

bool Session::strike_elsewhere(const Program& program, std::span<const Choice> faults, const Choice& moved,
                               std::uint32_t runs) {
  if (spent() || moved.kind == ChoiceKind::adapter) return false;
  const std::uint64_t key =
      fingerprint(program, faults, {static_cast<std::uint32_t>(moved.kind), moved.take, depth(), runs});
  if (searched_.contains(key)) return false;
  SearchRequest request = request_for(program, faults, key);
  request.kind = SearchKind::places;
  request.depth = depth();
  request.moved = moved;
  if (run_search(request, runs).accepted) return true;
  if (!spent()) searched_.emplace(key, false);
  return false;
}

bool Session::sample(std::uint32_t runs, std::uint32_t round) {
  if (spent() || runs == 0) return false;
  const Case input = best();
  const std::vector<Choice> faults = faults_of(input.choices);
  SearchRequest request = request_for(input.program, faults, fingerprint(input.program, faults, {round}));
  return run_random(request, runs);
}

Session::Found Session::search(const Program& program, std::span<const Choice> faults, std::uint32_t depth,
                               const Effort& effort) {
  if (!can_be_asked(program)) return {.exhausted = true};
  // Most have no thread to switch to, and then there is only one schedule.
  if (program.threads.size() == 1) depth = depth_max;
  if (spent() || (effort.bounded_runs == 0 && effort.random_runs == 0 && effort.order_runs == 0)) return {};
  const std::uint64_t key =
      fingerprint(program, faults, {depth, effort.bounded_runs, effort.random_runs, effort.place_runs}) ^
      (effort.order_runs * 0x9e3779b97f4a7c15U);
  if (const auto known = searched_.find(key); known != searched_.end()) return {.exhausted = known->second};

  SearchRequest request = request_for(program, faults, key);
  Found found;
  if (effort.bounded_runs != 0) {
    request.kind = SearchKind::bounded;
    request.depth = std::min(depth, depth_max);
    found = run_search(request, effort.bounded_runs);
    if (found.accepted) return found;
  }
  if (effort.place_runs != 0) {
    request.depth = std::min(depth, depth_max);
    if (run_places(request, effort.place_runs)) return {.accepted = true};
  }
  const bool all_seen = found.exhausted && faults.empty() && depth >= depth_max;
  if (effort.order_runs != 0 && execution_.preemptions > depth_max) {
    request.fault_mask = mask_of(request.pinned);
    request.kind = SearchKind::pos;
    if (run_search(request, effort.order_runs).accepted) return {.accepted = true};
  }
  if (effort.random_runs != 0 && !all_seen && run_random(request, effort.random_runs)) return {.accepted = true};
  if (!spent()) searched_.emplace(key, found.exhausted);
  return found;
}

ShrinkResult Session::finish(Minimality minimality, std::uint64_t removals_checked) {
  MQ_ASSERT(!accepted_.empty());
  bool latest = true;
  for (auto at = accepted_.rbegin(); at != accepted_.rend(); ++at, latest = false) {
    for (unsigned i = 0; i < confirmations_max; ++i) {
      ++runs_;
      Execution execution = executor_.execute(*at, true);
      if (!fails(execution)) continue;
      return {.best = *at,
              .execution = std::move(execution),
              .runs = runs_,
              .removals_checked = latest ? removals_checked : 0,
              .minimality = latest ? minimality : Minimality::best_so_far};
    }
  }
  // Nothing fails any more, the case that was handed in included.
  return {.best = accepted_.front(), .execution = executor_.execute(accepted_.front(), true), .runs = runs_ + 1};
}

}  // namespace mapquake
