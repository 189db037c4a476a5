#include "harness/campaign/board.hpp"

#include <algorithm>
#include <bit>

namespace mapquake {
namespace {

constexpr std::chrono::milliseconds tick_interval{100};
constexpr double slice_seconds_min = 0.02;
constexpr double slice_seconds_max = 1;
constexpr double shrink_seconds_min = 3;
constexpr double shrink_seconds_max = 20;
constexpr double shrink_seconds_shown = 0.5;
// On a machine that is slow or busy, the last of what is awaited needs longer than was thought.
constexpr double extension = 1.5;
constexpr double unlimited_seconds = 1e9;
// Most of what is awaited shows at once; the few that do not must get their chance among hundreds of clean cells. A map
// that has failed as it should comes last: its failures in further cells take long to see through and tell little.
constexpr unsigned awaited_weight = 64;
constexpr unsigned plain_weight = 4;
constexpr unsigned shown_weight = 1;

// Each cell gets at least four turns, so that the late ones of a long list are not left out of a short campaign.
double slice_seconds_for(std::size_t cells, const CampaignOptions& options) {
  if (options.seconds <= 0) return slice_seconds_max;
  const double each = options.seconds * options.jobs / static_cast<double>(std::max<std::size_t>(cells, 1));
  return std::clamp(each / 4, slice_seconds_min, slice_seconds_max);
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

Board::Board(std::span<const Cell> cells, const CampaignOptions& options)
    : options_(options),
      slice_seconds_(slice_seconds_for(cells.size(), options)),
      agenda_({cells.size(), options.executions, options.seed, options.shard, options.shards}),
      cells_(cells.size()),
      workers_(options.jobs) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells_[i].report.cell = cells[i];
    agenda_.set_weight(i, cells[i].awaited ? awaited_weight : plain_weight);
  }
}

double Board::seconds_elapsed() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

double Board::shrink_seconds(std::size_t cell) {
  const std::scoped_lock hold(lock_);
  if (cells_[cell].shown) return shrink_seconds_shown;
  if (options_.seconds <= 0) return shrink_seconds_max;
  const double each = options_.seconds * options_.jobs / static_cast<double>(cells_.size());
  return std::clamp(each, shrink_seconds_min, shrink_seconds_max);
}

bool Board::time_is_over() const {
  return options_.seconds > 0 && seconds_elapsed() >= options_.seconds;
}

bool Board::is_awaited(std::size_t cell) const {
  return cells_[cell].report.cell.awaited && !cells_[cell].shown;
}

bool Board::extend_for_awaited() {
  if (options_.executions > 0 || seconds_elapsed() >= options_.seconds * extension) return false;
  bool any = false;
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    is_awaited(cell) ? void(any = true) : agenda_.close(cell);
  }
  return any;
}

std::shared_ptr<Running> Board::take() {
  const std::scoped_lock hold(lock_);
  if (stopped_ || (time_is_over() && !extend_for_awaited())) return nullptr;
  const auto slice = agenda_.take();
  if (!slice) return nullptr;
  auto running = std::make_shared<Running>();
  running->slice = *slice;
  const double until = options_.seconds * (is_awaited(slice->cell) ? extension : 1);
  const double left = options_.seconds > 0 ? until - seconds_elapsed() : unlimited_seconds;
  // A row of executions is worked off whole: cutting it by time would make findings depend on the machine.
  running->seconds_max = options_.executions > 0 ? left : std::min(slice_seconds_, left);
  running_.push_back(running);
  ++cells_[slice->cell].exploring;
  return running;
}

Board::Account Board::account(Running& running, const ExploreResult& result, double seconds) {
  const std::scoped_lock hold(lock_);
  CellBooks& books = cells_[running.slice.cell];
  books.report.executions += result.executions;
  books.report.steps += result.steps;
  books.report.switches += result.switches;
  books.report.unknown += result.unknown;
  books.report.sweep_points += result.sweep_points;
  if (result.usage && !books.usage) books.usage = std::make_shared<UsageRecord>();
  if (result.usage) books.usage->merge(*result.usage);
  books.report.seconds += seconds;
  books.report.coverage_new = merge_coverage(books.coverage, result.coverage);
  books.report.coverage += books.report.coverage_new;
  running.progress.executions = 0;
  running.progress.steps = 0;
  running.progress.switches = 0;
  return {agenda_.wanted(running.slice) && !stopped_ && !time_is_over(), books.report.executions};
}

void Board::propose(const Running& running, Candidate candidate) {
  const std::scoped_lock hold(lock_);
  auto& kept = cells_[running.slice.cell].candidate;
  agenda_.cut_after(running.slice);
  stop_unwanted();
  if (!kept || candidate.order < kept->order) kept = std::move(candidate);
}

std::optional<Candidate> Board::finish(const Running& running, std::uint64_t programs) {
  const std::scoped_lock hold(lock_);
  const std::size_t cell = running.slice.cell;
  agenda_.finished(running.slice, programs);
  std::erase_if(running_, [&](const auto& other) { return other.get() == &running; });
  --cells_[cell].exploring;
  // Those that are still running may find an earlier failure; the last of them to end takes over.
  return agenda_.settled(cell) ? taken(cells_[cell]) : std::nullopt;
}

std::optional<Candidate> Board::take_leftover() {
  const std::scoped_lock hold(lock_);
  for (CellBooks& books : cells_) {
    if (books.candidate && books.exploring == 0) return taken(books);
  }
  return std::nullopt;
}

std::optional<Candidate> Board::taken(CellBooks& books) {
  std::optional<Candidate> candidate;
  candidate.swap(books.candidate);
  books.pursuing += candidate.has_value();
  return candidate;
}

void Board::pursuing(std::size_t cell, bool now) {
  const std::scoped_lock hold(lock_);
  now ? ++cells_[cell].pursuing : --cells_[cell].pursuing;
}

bool Board::is_first(std::size_t cell, const std::string& signature, FailureOrder order) {
  const std::scoped_lock hold(lock_);
  const auto [at, added] = cells_[cell].signatures.try_emplace(signature, order);
  const bool first = added || order < at->second;
  if (first) at->second = order;
  return first;
}

void Board::book(const Finding& finding) {
  CellReport& report = cells_[finding.cell].report;
  if (finding.problem) problems_.push_back(*finding.problem);
  // The same failure met at an earlier program replaces the file of the later one.
  if (std::find(report.paths.begin(), report.paths.end(), finding.path) != report.paths.end()) return;
  report.headlines.push_back(headline_of(finding.file));
  report.outcomes.push_back(finding.file.outcome);
  report.paths.push_back(finding.path);
  if (!finding.reproducible()) {
    ++nondeterministic_;
    return;
  }
  ++failures_;
  distinct_.insert(finding.file.map + finding.file.signature);
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    const Cell& other = cells_[cell].report.cell;
    if (other.map != report.cell.map || !other.awaited) continue;
    cells_[cell].shown = true;
    agenda_.set_weight(cell, shown_weight);
  }
}

bool Board::is_known(const std::string& map, const std::string& signature) {
  const std::scoped_lock hold(lock_);
  return distinct_.contains(map + signature);
}

void Board::publish(Finding finding) {
  const std::scoped_lock hold(lock_);
  book(finding);
  unheard_.push_back(std::move(finding));
  changed_.notify_all();
}

void Board::give_up(std::size_t map, const Error& error) {
  const std::scoped_lock hold(lock_);
  bool told = false;
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    if (cells_[cell].report.cell.map != map) continue;
    told |= cells_[cell].report.state == CellState::unusable;
    cells_[cell].report.state = CellState::unusable;
    agenda_.close(cell);
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
    if (stopped_ || !agenda_.wanted(running->slice)) running->progress.stop = true;
  }
}

CellState Board::state_of(const CellBooks& books, bool ended) const {
  const CellReport& report = books.report;
  if (report.state == CellState::unusable) return CellState::unusable;
  if (books.pursuing > 0) return CellState::shrinking;
  if (std::any_of(report.outcomes.begin(), report.outcomes.end(), is_failure)) return CellState::failed;
  if (!report.outcomes.empty()) return CellState::nondeterministic;
  if (books.exploring > 0) return CellState::exploring;
  if (report.executions == 0) return CellState::waiting;
  return ended ? CellState::clean : CellState::exploring;
}

CampaignReport Board::snapshot() {
  CampaignReport report;
  for (const CellBooks& books : cells_) {
    report.cells.push_back(books.report);
    report.cells.back().state = state_of(books, workers_ == 0);
    report.cells.back().busy = books.exploring + books.pursuing > 0;
    if (workers_ == 0) report.cells.back().usage = books.usage;
    report.cells.back().left_out = workers_ == 0 && books.report.executions == 0 && books.shown;
  }
  for (const auto& running : running_) {
    CellReport& cell = report.cells[running->slice.cell];
    cell.executions += running->progress.executions;
    cell.steps += running->progress.steps;
    cell.switches += running->progress.switches;
  }
  report.seconds = seconds_elapsed();
  report.seconds_max = options_.seconds;
  report.failures = failures_;
  report.distinct = static_cast<unsigned>(distinct_.size());
  report.nondeterministic = nondeterministic_;
  report.signal = signal_;
  report.problems = problems_;
  return report;
}

void Board::watch(const std::atomic<int>* signal, CampaignListener& listener) {
  std::unique_lock hold(lock_);
  for (bool over = false; !over;) {
    changed_.wait_for(hold, tick_interval, [&] { return workers_ == 0 || !unheard_.empty(); });
    over = workers_ == 0;
    if (signal != nullptr && signal_ == 0 && (signal_ = signal->load()) != 0) {
      stopped_ = true;
      stop_unwanted();
    }
    std::deque<Finding> news;
    news.swap(unheard_);
    const CampaignReport so_far = snapshot();
    hold.unlock();
    for (Finding& finding : news) listener.found(finding);
    listener.tick(so_far);
    hold.lock();
  }
}

CampaignReport Board::report() {
  const std::scoped_lock hold(lock_);
  MQ_ASSERT(workers_ == 0 && unheard_.empty());
  return snapshot();
}

}  // namespace mapquake
