#include "harness/campaign/board.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/stopwatch.hpp"
#include "harness/campaign/campaign.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mapquake {
namespace {

constexpr std::chrono::milliseconds tick_interval{100};
constexpr double slice_seconds_min = 0.02, slice_seconds_max = 0.2;
constexpr double visit_seconds_min = 0.1, visit_seconds_max = 2;
constexpr double unlimited_seconds = 1e9;
/// What must be done whatever the time is given up after so many times of it: something is wrong with the map then.
constexpr double patience = 5;
constexpr double shrink_seconds_min = 3, shrink_seconds_max = 20;
constexpr double shrink_seconds_again = 0.5, shrink_seconds_late = 0.2;
/// So many thorough ones may come yet.
constexpr double shrinks_expected = 3;
/// Of the workers' time, while they explore; and of the campaign's time, behind its end.
constexpr double pursuit_share = 0.3, pursuit_tail = 0.3, pursuit_tail_seconds_min = 5;
/// Arms that pay off less than the best of their map keep this part of the time that they would have.
constexpr double weight_floor = 0.25, idle_weight = 0.01;
constexpr double news_worth = 30, payoff_memory = 0.7;
constexpr std::uint64_t idle_executions = 256;
/// A map that has not yet failed as it should comes first.
constexpr double awaited_weight = 16;

double clamp_share(double seconds, std::size_t parts, double least, double most) {
  return std::clamp(seconds / static_cast<double>(std::max<std::size_t>(parts, 1)), least, most);
}

std::size_t map_count(std::span<const Cell> cells) {
  std::set<std::size_t> maps;
  for (const Cell& cell : cells) maps.insert(cell.map);
  return maps.size();
}

std::uint64_t merge_coverage(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  std::uint64_t added = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    added += static_cast<std::uint64_t>(std::popcount(from[i] & ~into[i]));
    into[i] |= from[i];
  }
  return added;
}

}  // namespace

Board::Board(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options)
    : Board(maps, cells, options, arms_of(maps, cells, options.hazards)) {}

Board::Board(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options,
             const std::vector<Arm>& arms)
    : options_(options),
      maps_(maps),
      // Each arm gets several turns, so that the late ones of a long list are not left out of a short campaign.
      slice_seconds_(options.seconds <= 0 ? slice_seconds_max
                                          : clamp_share(options.seconds * options.jobs / 4, arms.size(),
                                                        slice_seconds_min, slice_seconds_max)),
      agenda_(plan_of(arms, cells, options)),
      defects_(maps, options.stop_at_first, options.expected),
      cells_(cells.size()),
      visit_seconds_(
          clamp_share(options.seconds * options.jobs / 4, map_count(cells), visit_seconds_min, visit_seconds_max)),
      workers_(options.jobs) {
  for (std::size_t i = 0; i < cells.size(); ++i) cells_[i].report.cell = cells[i];
  for (const Arm& arm : arms) {
    arms_.push_back({.arm = arm});
    const std::size_t map = cells[arm.cell].map;
    if (options.expected && !maps[map].expected_outcomes.empty()) agenda_.set_map_weight(map, awaited_weight);
  }
}

double Board::seconds_elapsed() const {
  return seconds_since(start_);
}

bool Board::time_is_over() const {
  return options_.seconds > 0 && seconds_elapsed() >= options_.seconds;
}

std::optional<std::shared_ptr<Running>> Board::take_slice(std::optional<Stay> stay) {
  if (stopped_ || enough_) return std::nullopt;
  const bool must = options_.executions_of_map_min > 0 && !agenda_.rows_taken();
  const double until = options_.seconds * (must ? patience : 1);
  const double left = options_.seconds > 0 ? until - seconds_elapsed() : unlimited_seconds;
  if (left <= 0) return std::nullopt;
  std::optional<std::size_t> near;
  if (stay && (!agenda_.rows_taken() || stay->seconds < visit_seconds_)) near = stay->map;
  const auto slice = agenda_.take(near);
  if (!slice) return std::nullopt;
  auto running = std::make_shared<Running>();
  running->slice = *slice;
  running->arm = arms_[slice->arm].arm;
  // A row of executions is worked off whole: cutting it by time would make findings depend on the machine. The first
  // turns of an arm are short: what any one of them shows soon must not wait for whole turns of the others.
  const double turn_seconds = std::min(slice_seconds_, std::ldexp(slice_seconds_min, arms_[slice->arm].turns));
  running->seconds_max = std::min(slice->in_row ? left : turn_seconds, left);
  if (!slice->in_row && turn_seconds < slice_seconds_) ++arms_[slice->arm].turns;
  running->until = options_.seconds > 0 ? until : unlimited_seconds;
  running_.push_back(running);
  ++cells_[running->arm.cell].exploring;
  return running;
}

double Board::shrink_seconds(const Defects::Choice& choice, bool late) const {
  if (options_.shrink_seconds > 0) return options_.shrink_seconds;
  if (late) return shrink_seconds_late;
  if (!choice.is_first || !choice.is_surprise) return shrink_seconds_again;
  if (options_.seconds <= 0) return shrink_seconds_max;
  // What is left for pursuits is shared with those that may come yet.
  const double budget = options_.seconds * options_.jobs;
  const double left = (pursuit_share * budget - pursuit_seconds_) / shrinks_expected;
  return std::clamp(std::max(budget / static_cast<double>(cells_.size()), left), shrink_seconds_min,
                    shrink_seconds_max);
}

std::optional<Pursuit> Board::take_pursuit(bool over) {
  const bool timed = options_.seconds > 0;
  const double now = seconds_elapsed();
  if (!over && timed && defects_.pursued() > 0) {
    // Finding comes first; what was found does not run away.
    if (pursuits_ * 2 > options_.jobs || pursuit_seconds_ > pursuit_share * now * options_.jobs) return std::nullopt;
  }
  const double tail = std::max(pursuit_tail * options_.seconds, pursuit_tail_seconds_min);
  const bool late = stopped_ || (over && timed && now > explored_until_ + tail);
  const auto ready = [&](const Candidate& candidate) {
    return over || agenda_.settled_before(candidate.slice, options_.stop_at_first);
  };
  const auto choice = defects_.next(ready, over);
  if (!choice || (late && !choice->is_first)) return std::nullopt;
  Pursuit pursuit{choice->id, defects_.begin(choice->id), shrink_seconds(*choice, late)};
  ++pursuits_;
  ++cells_[pursuit.candidate.cell].pursuing;
  return pursuit;
}

std::optional<Work> Board::take(std::optional<Stay> stay) {
  std::unique_lock hold(lock_);
  for (;;) {
    if (auto pursuit = take_pursuit(false)) return Work(std::move(*pursuit));
    if (auto running = take_slice(stay)) return Work(std::move(*running));
    if (running_.empty()) {
      if (explored_until_ == 0) explored_until_ = seconds_elapsed();
      auto pursuit = take_pursuit(true);
      return pursuit ? std::optional(Work(std::move(*pursuit))) : std::nullopt;
    }
    changed_.wait_for(hold, tick_interval);
  }
}

KnownDefects Board::known_to(const Running& running) {
  const std::scoped_lock hold(lock_);
  return defects_.known_to(cells_[running.arm.cell].report.cell.map, running.arm.cell, running.slice);
}

Board::Covered Board::covered_by(const Running& running) {
  const std::scoped_lock hold(lock_);
  return cells_[running.arm.cell].covered;
}

void Board::learn(std::size_t arm, const ExploreResult& result, std::uint64_t coverage_new, double seconds) {
  ArmBooks& books = arms_[arm];
  books.executions += result.executions;
  books.asked |= result.asked;
  const std::uint32_t kinds = fault_mask_of(books.arm.hazard);
  // Nothing of the kind ever came up: the map gives it nothing to do.
  const bool idle = kinds != 0 && (books.asked & kinds) == 0 && books.executions >= idle_executions;
  const double gain = static_cast<double>(coverage_new) + (result.found ? news_worth : 0);
  books.payoff = payoff_memory * books.payoff + (1 - payoff_memory) * gain / std::max(seconds, 1e-3);
  double best = 0;
  const std::size_t map = cells_[books.arm.cell].report.cell.map;
  for (const ArmBooks& other : arms_) {
    if (cells_[other.arm.cell].report.cell.map == map) best = std::max(best, other.payoff);
  }
  const double relative = best > 0 ? books.payoff / best : 1;
  const double base = books.arm.hazard == Hazard::schedules ? 2 : 1;
  agenda_.set_arm_weight(arm, idle ? idle_weight : base * std::max(weight_floor, relative));
}

Board::Account Board::account(Running& running, const KnownDefects& known, const ExploreResult& result,
                              double seconds) {
  const std::scoped_lock hold(lock_);
  CellBooks& books = cells_[running.arm.cell];
  books.report.executions += result.executions;
  books.report.steps += result.steps;
  books.report.switches += result.switches;
  books.report.unknown += result.unknown;
  books.report.sweep_points += result.sweep_points;
  books.report.phases.merge(result.phases);
  if (result.usage && !books.usage) books.usage = std::make_shared<UsageRecord>();
  if (result.usage) books.usage->merge(*result.usage);
  books.report.seconds += seconds;
  const std::uint64_t coverage_new = merge_coverage(books.covered.contexts, result.coverage);
  for (const Program& program : result.kept) keep(books.covered.kept, program);
  books.covered.dead_ends = result.dead_ends;
  if (!result.kept.empty()) books.report.kept = std::make_shared<const KeptPrograms>(books.covered.kept);
  books.report.coverage += coverage_new;
  defects_.count(books.report.cell.map, running.arm.cell, known, result.known_hits);
  learn(running.slice.arm, result, coverage_new, seconds);
  running.progress.executions = 0;
  running.progress.steps = 0;
  running.progress.switches = 0;
  const bool in_time = !enough_ && (running.slice.in_row || !time_is_over());
  return {agenda_.wanted(running.slice) && !stopped_ && in_time, books.report.executions};
}

Defects::Met Board::meet(const Running& running, Candidate candidate) {
  const std::scoped_lock hold(lock_);
  const Defects::Met met = defects_.meet(std::move(candidate));
  if (options_.stop_at_first) {
    agenda_.cut_after(running.slice);
    stop_unwanted();
  }
  return met;
}

void Board::finish(const Running& running, Position next) {
  const std::scoped_lock hold(lock_);
  agenda_.finished(running.slice, next);
  std::erase_if(running_, [&](const auto& other) { return other.get() == &running; });
  --cells_[running.arm.cell].exploring;
  changed_.notify_all();
}

bool Board::is_told(const Pursuit& pursuit, const std::string& signature) {
  const std::scoped_lock hold(lock_);
  return defects_.settle_as(pursuit.defect, signature);
}

void Board::publish(const Pursuit& pursuit, Finding finding, const std::function<void(Finding&, bool)>& save) {
  bool again = false;
  {
    const std::scoped_lock hold(lock_);
    again = defects_.settle_as(pursuit.defect, finding.file.signature);
  }
  save(finding, again);
  const std::scoped_lock hold(lock_);
  if (finding.problem) problems_.push_back(*finding.problem);
  if (again || !defects_.settle(pursuit.defect, finding)) return;
  if (finding.reproducible() && options_.expected) agenda_.set_map_weight(pursuit.candidate.map, shown_weight);
  unheard_.push_back(std::move(finding));
  changed_.notify_all();
}

void Board::suppress(const Pursuit& pursuit, std::size_t suppression) {
  const std::scoped_lock hold(lock_);
  defects_.suppress(pursuit.defect, options_.suppressions[suppression]);
  suppressions_used_.insert(suppression);
}

void Board::end_pursuit(const Pursuit& pursuit, double seconds) {
  const std::scoped_lock hold(lock_);
  --cells_[pursuit.candidate.cell].pursuing;
  --pursuits_;
  defects_.end(pursuit.defect);
  pursuit_seconds_ += seconds;
  changed_.notify_all();
}

void Board::give_up(std::size_t map, const Error& error) {
  const std::scoped_lock hold(lock_);
  bool told = false;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    CellReport& cell = cells_[arms_[arm].arm.cell].report;
    if (cell.cell.map != map) continue;
    told |= cell.state == CellState::unusable;
    cell.state = CellState::unusable;
    agenda_.close(arm);
  }
  stop_unwanted();
  if (!told) problems_.push_back(error);
}

void Board::leave() {
  const std::scoped_lock hold(lock_);
  --workers_;
  changed_.notify_all();
}

void Board::stop_unwanted() {
  for (const auto& running : running_) {
    if (stopped_ || enough_ || !agenda_.wanted(running->slice)) running->progress.stop = true;
  }
}

void Board::stop_overdue() {
  const double now = seconds_elapsed();
  for (const auto& running : running_) {
    if (now >= running->until) running->progress.stop = true;
  }
}

void Board::watch(const CampaignServices& services, CampaignListener& listener) {
  const std::atomic<int>* const signal = services.signal;
  std::unique_lock hold(lock_);
  for (bool over = false; !over;) {
    changed_.wait_for(hold, tick_interval, [&] { return workers_ == 0 || !unheard_.empty(); });
    over = workers_ == 0;
    if (signal != nullptr && signal_ == 0 && (signal_ = signal->load()) != 0) {
      stopped_ = true;
      stop_unwanted();
    }
    stop_overdue();
    std::deque<Finding> news;
    news.swap(unheard_);
    const CampaignReport so_far = snapshot();
    hold.unlock();
    for (Finding& finding : news) listener.found(finding);
    listener.tick(so_far);
    const bool enough = services.enough && services.enough(so_far);
    hold.lock();
    if (enough && !enough_) {
      enough_ = true;
      stop_unwanted();
    }
  }
}

CampaignReport Board::report() {
  const std::scoped_lock hold(lock_);
  MQ_ASSERT(workers_ == 0 && unheard_.empty());
  return snapshot();
}

}  // namespace mapquake
