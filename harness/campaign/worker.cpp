#include "harness/campaign/worker.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/campaign/stored_case.hpp"
#include "harness/case/execution_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace mapquake {
namespace {

constexpr std::size_t executors_kept = 4;
constexpr unsigned fruitless_calls_max = 3;
/// A program that shows ever new defects is left after so many.
constexpr unsigned news_of_program_max = 8;
/// An execution that costs a process counts as so many where executions are bounded.
constexpr std::uint64_t executions_of_death = 50;
/// To confirm a failure and its smaller case. What takes longer is cut off, and stays unconfirmed.
constexpr double confirming_seconds_max = 5;

Result<std::filesystem::path> save_in(const std::filesystem::path& store, const ReplayFile& file) {
  std::filesystem::path path = store / file_name_for(file);
  const Result<Done> saved = save_replay(file, path);
  if (saved) return path;
  return saved.error();
}

void save(Finding& finding, const CampaignServices& services, const std::filesystem::path& store) {
  const auto saved = services.keep ? services.keep(finding.file) : save_in(store, finding.file);
  if (saved) {
    finding.path = *saved;
    return;
  }
  Error problem = saved.error();
  std::error_code none;
  const auto refuge = save_in(std::filesystem::temp_directory_path(none), finding.file);
  if (refuge) {
    problem.hint = fmt::format("The file was saved as {} instead. ", refuge->string());
    finding.path = *refuge;
  }
  problem.hint += fmt::format("Its content follows, so that it is not lost:\n{}", to_toml(finding.file));
  finding.problem = std::move(problem);
}

}  // namespace

Worker::Worker(std::span<const MapInfo> maps, const CampaignOptions& options, const CampaignServices& services,
               Board& board)
    : maps_(maps), options_(options), services_(services), board_(board) {}

std::optional<Stay> Worker::stay() const {
  if (!visited_) return std::nullopt;
  return Stay{*visited_, seconds_since(visit_began_)};
}

void Worker::run() {
  while (const auto work = board_.take(stay())) {
    if (const auto* const found = std::get_if<Pursuit>(&*work)) {
      const auto start = std::chrono::steady_clock::now();
      pursue(*found);
      board_.end_pursuit(*found, seconds_since(start));
      continue;
    }
    const auto& running = std::get<std::shared_ptr<Running>>(*work);
    const std::size_t map = board_.cell(running->arm.cell).map;
    if (visited_ != map) visit_began_ = std::chrono::steady_clock::now();
    visited_ = map;
    Executor* const executor = executor_for(map);
    if (executor != nullptr && board_.claims_stored(map)) confirm_stored(map, *executor);
    board_.finish(*running, executor != nullptr ? explore(*running, *executor) : running->slice.first);
  }
}

Executor* Worker::executor_for(std::size_t map) {
  const auto at = std::find_if(executors_.begin(), executors_.end(), [&](const auto& e) { return e.first == map; });
  if (at != executors_.end()) {
    executors_.splice(executors_.begin(), executors_, at);
    return executors_.front().second.get();
  }
  auto made = services_.make_executor(maps_[map]);
  if (!made) {
    board_.give_up(map, made.error());
    return nullptr;
  }
  if (executors_.size() == executors_kept) executors_.pop_back();
  executors_.emplace_front(map, std::move(*made));
  return executors_.front().second.get();
}

MapTraits Worker::traits_of(std::size_t map, Executor& executor) {
  if (options_.program || options_.plan.scenario.keys != 0) return {};
  if (const auto known = board_.traits_of(map)) return *known;
  const MapTraits traits = probe_map(executor, maps_[map]);
  board_.note_traits(map, traits);
  return traits;
}

ExploreRequest Worker::request_for(const Running& running) const {
  ExploreRequest request;
  request.scenario = board_.cell(running.arm.cell).scenario;
  request.program = options_.program;
  request.plan = options_.plan;
  request.seed = running.slice.seed;
  if (running.arm.hazard != Hazard::as_asked) {
    request.plan.fault_mask = fault_mask_of(running.arm.hazard);
  } else if (options_.memory_model == MemoryModel::c11) {
    request.plan.fault_mask |= fault_bit(ChoiceKind::stale_read);
  }
  return request;
}

Candidate Worker::candidate_of(const Running& running, const ExploreResult& result, std::uint64_t executions) const {
  return {.map = board_.cell(running.arm.cell).map,
          .cell = running.arm.cell,
          .slice = running.slice,
          .program = result.program_number,
          .fingerprint = result.fingerprint,
          .beyond_claims = result.beyond_claims,
          .failure = {result.failing, result.execution.violation, running.slice.seed, executions,
                      headline_of(result.execution)}};
}

Position Worker::explore(Running& running, Executor& executor) {
  const Slice& slice = running.slice;
  ExploreRequest request = request_for(running);
  const MapTraits traits = traits_of(board_.cell(running.arm.cell).map, executor);
  request.plan.scenario.special_keys = traits.keys_kept;
  request.plan.scenario.growth_sizes = traits.growth_sizes;
  request.tables = traits.tables;
  request.breeds = !slice.in_row;  // the programs of rows do not depend on what ran before
  Board::Covered covered = board_.covered_by(running);
  request.covered = std::move(covered.contexts);
  request.kept = std::move(covered.kept);
  request.inherited = std::move(covered.inherited);
  Position at = slice.first;
  if (!slice.in_row && at == Position{}) at.dead_ends = covered.dead_ends;
  std::uint64_t executions = 0;  // of this slice, each counted once
  unsigned news = 0;             // of the program at `at`
  const auto start = std::chrono::steady_clock::now();
  for (unsigned fruitless = 0; executions < slice.executions_max && fruitless < fruitless_calls_max;) {
    request.known = board_.known_to(running);
    request.first_program = at.program;
    request.first_schedule = at.schedule;
    request.stepped_over = at.stepped_over;
    request.dead_ends = at.dead_ends;
    request.executions_max = slice.in_row ? slice.executions_max - executions : UINT64_MAX;
    const double seconds_before = seconds_since(start);
    request.seconds_max = running.seconds_max - seconds_before;
    if (request.seconds_max <= 0) break;
    const ExploreResult result = executor.explore(request, running.progress);
    request.covered = result.coverage;
    for (const Program& program : result.kept) keep(request.kept, program);
    const Board::Account account =
        board_.account(running, request.known, result, seconds_since(start) - seconds_before);
    executions += result.executions + (executions_of_death - 1) * (result.deaths + result.process_died);
    if (!result.found) {
      fruitless = result.executions == 0 ? fruitless + 1 : 0;
      at = {at.program + result.programs, result.next_schedule, result.stepped_over, result.dead_ends};
      news = 0;
      if (!slice.in_row || !account.go_on) break;
      continue;
    }
    const std::uint64_t to_failure = slice.in_row ? slice.first_execution + executions : account.cell_executions;
    const Defects::Met met = board_.meet(running, candidate_of(running, result, to_failure));
    news = result.program_number == at.program ? news + 1 : 1;
    if (met == Defects::Met::too_many || news == news_of_program_max) {
      at = {.program = result.program_number + 1, .dead_ends = result.dead_ends};
    } else if (result.process_died) {
      at = {result.program_number, result.schedule_number + 1, result.stepped_over, result.dead_ends};
    } else {
      // Once more from its start: now that the defect is known, its other schedules are seen as if it were not there.
      at = {.program = result.program_number, .dead_ends = result.dead_ends};
      executions -= result.executions_in_program;
    }
    if (options_.stop_at_first || !account.go_on) break;
  }
  return at;
}

void Worker::pursue(const Pursuit& pursuit) {
  const Candidate& candidate = pursuit.candidate;
  Executor* const executor = executor_for(candidate.map);
  if (executor == nullptr) return;
  const auto start = std::chrono::steady_clock::now();
  const double seconds_max = pursuit.shrink_seconds + confirming_seconds_max;
  const bool timed = options_.seconds > 0;
  executor->heed([=, this] { return board_.stopped() || (timed && seconds_since(start) >= seconds_max); });
  look_into(pursuit, *executor);
  executor->heed([this] { return board_.stopped().load(); });
}

void Worker::look_into(const Pursuit& pursuit, Executor& executor) {
  const Candidate& candidate = pursuit.candidate;
  const MapInfo& map = maps_[candidate.map];
  const SiteFunction site = services_.make_symbolizer(map);
  const Execution traced = executor.execute(candidate.failure.failing, true);
  if (executor.was_cut_off()) return;
  if (const auto known = suppression_of(traced, map, site, options_.suppressions)) {
    return board_.suppress(pursuit, *known);
  }
  const std::string signature = signature_before_shrinking(traced, map, site);
  if (!signature.empty() && board_.is_told(pursuit, signature)) return;
  PursuitOptions options;
  options.stop = &board_.stopped();
  options.shrink_seed = options_.seed;
  options.shrink_seconds = pursuit.shrink_seconds;
  Finding finding = mapquake::pursue(executor, candidate.failure, map, board_.cell(candidate.cell).scenario, site,
                                     services_.shrink_case, options);
  if (executor.was_cut_off()) return;
  finding.cell = candidate.cell;
  if (const auto known = suppression_of(finding.file.signature, options_.suppressions)) {
    return board_.suppress(pursuit, *known);
  }
  look_at_map(finding, executor, site, services_.moments);
  board_.publish(pursuit, std::move(finding), [&](Finding& told, bool again) {
    if (!again || services_.keep) save(told, services_, options_.store);
  });
}

void Worker::confirm_stored(std::size_t map, Executor& executor) {
  if (!services_.stored_case || maps_[map].expected_outcomes.empty()) return;
  const auto path = services_.stored_case(maps_[map]);
  if (!path) return;
  auto stored = replay_stored(*path, maps_[map], executor, services_.make_symbolizer);
  if (executor.was_cut_off()) return;
  if (!stored) return board_.add_stale(stored.error());
  stored->defect.map = map;
  board_.add_stored(stored->defect, stored->scenario, stored->fingerprint);
}

}  // namespace mapquake
