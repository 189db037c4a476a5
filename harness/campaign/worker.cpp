#include "harness/campaign/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace mapquake {
namespace {

constexpr std::size_t executors_kept = 4;
constexpr unsigned pursued_per_headline_max = 5;
constexpr unsigned fruitless_calls_max = 3;
constexpr double shrink_seconds_again = 0.5;  // of a defect that another cell has shown

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void save(Finding& finding, const std::filesystem::path& store) {
  const std::string name = file_name_for(finding.file);
  finding.path = store / name;
  const Result<Done> saved = save_replay(finding.file, finding.path);
  if (saved) return;
  Error problem = saved.error();
  const std::filesystem::path refuge = std::filesystem::temp_directory_path() / name;
  if (save_replay(finding.file, refuge)) {
    problem.hint = fmt::format("The file was saved as {} instead.", refuge.string());
    finding.path = refuge;
  } else {
    problem.hint = fmt::format("Its content follows, so that it is not lost:\n{}", to_toml(finding.file));
  }
  finding.problem = std::move(problem);
}

}  // namespace

Worker::Worker(std::span<const MapInfo> maps, const CampaignOptions& options, const CampaignServices& services,
               Board& board)
    : maps_(maps), options_(options), services_(services), board_(board) {}

void Worker::run() {
  const auto finish = [&](const Candidate& candidate) {
    see_through(candidate);
    board_.pursuing(candidate.cell, false);
  };
  while (const std::shared_ptr<Running> running = board_.take()) {
    Executor* executor = executor_for(board_.cell(running->slice.cell).map);
    const std::uint64_t programs = executor != nullptr ? explore_slice(*running, *executor) : 0;
    if (const auto certain = board_.finish(*running, programs)) finish(*certain);
  }
  while (const auto leftover = board_.take_leftover()) finish(*leftover);
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

ExploreRequest Worker::request_for(const Running& running) const {
  ExploreRequest request;
  request.scenario = board_.cell(running.slice.cell).scenario;
  request.options = options_.scenario;
  request.program = options_.program;
  request.strategy = options_.strategy;
  request.seed = running.slice.seed;
  request.schedules_max = options_.schedules_max;
  request.fault_mask = options_.fault_mask;
  const MapInfo& map = maps_[board_.cell(running.slice.cell).map];
  if (options_.faults_as_expected && map.expected.faults != 0) request.fault_mask = options_.faults_for_expected;
  const bool weak = options_.memory_model == MemoryModel::c11 ||
                    (options_.memory_model_as_expected && map.expected.memory_model == MemoryModel::c11);
  if (weak) request.fault_mask |= fault_bit(ChoiceKind::stale_read);
  request.faults_max = options_.faults_max;
  request.pressure_bytes = options_.pressure_bytes;
  request.budgets = options_.budgets;
  request.usage = options_.usage;
  request.declared_only = options_.declared_only;
  request.threads_end = options_.threads_end;
  return request;
}

std::uint64_t Worker::explore_slice(Running& running, Executor& executor) {
  const Slice& slice = running.slice;
  const bool is_row = slice.executions_max != UINT64_MAX;
  ExploreRequest request = request_for(running);
  std::uint64_t programs = 0;
  std::uint64_t executions = 0;  // of this slice
  const auto start = std::chrono::steady_clock::now();
  for (unsigned fruitless = 0; executions < slice.executions_max && fruitless < fruitless_calls_max;) {
    request.first_program = slice.first_program + programs;
    request.executions_max = is_row ? slice.executions_max - executions : UINT64_MAX;
    const double seconds_before = seconds_since(start);
    request.seconds_max = running.seconds_max - seconds_before;
    if (request.seconds_max <= 0) break;
    const ExploreResult result = executor.explore(request, running.progress);
    const Board::Account account = board_.account(running, result, seconds_since(start) - seconds_before);
    executions += result.executions;
    if (!result.found) {
      fruitless = result.executions == 0 ? fruitless + 1 : 0;
      programs += result.programs;
      if (!is_row || !account.go_on) break;
      continue;
    }
    programs = result.program_number + 1 - slice.first_program;
    const std::uint64_t to_failure = is_row ? slice.first_execution + executions : account.cell_executions;
    Candidate candidate{slice.cell,
                        {result.failing, result.execution.violation, slice.seed, to_failure},
                        {slice.index, result.program_number}};
    if (!options_.keep_going) {
      board_.propose(running, std::move(candidate));
      break;
    }
    board_.pursuing(slice.cell, true);
    see_through(candidate);
    board_.pursuing(slice.cell, false);
    if (!account.go_on) break;
  }
  return programs;
}

PursuitOptions Worker::pursuit_options(std::size_t cell) const {
  PursuitOptions pursuit;
  pursuit.stop = &board_.stopped();
  pursuit.shrink_seed = options_.seed;
  pursuit.shrink_seconds = options_.shrink_seconds > 0 ? options_.shrink_seconds : board_.shrink_seconds(cell);
  return pursuit;
}

void Worker::see_through(const Candidate& candidate) {
  const Cell& cell = board_.cell(candidate.cell);
  const Violation& violation = candidate.failure.violation;
  const std::string headline = fmt::format("{}/{}", name_of(violation.outcome), violation.label);
  if (pursued_[{candidate.cell, headline}]++ >= pursued_per_headline_max) return;
  Executor* executor = executor_for(cell.map);
  if (executor == nullptr) return;
  const SiteFunction site = services_.make_symbolizer(maps_[cell.map]);
  const MapInfo& map = maps_[cell.map];
  PursuitOptions pursuit = pursuit_options(candidate.cell);
  const std::string signature = signature_before_shrinking(*executor, candidate.failure, map, site);
  if (!signature.empty() && board_.is_known(map.name, signature)) {
    pursuit.shrink_seconds = std::min(pursuit.shrink_seconds, shrink_seconds_again);
  }
  Finding finding = pursue(*executor, candidate.failure, map, cell.scenario, site, services_.shrink_case, pursuit);
  finding.cell = candidate.cell;
  if (!board_.is_first(candidate.cell, finding.file.signature, candidate.order)) return;
  save(finding, options_.store);
  board_.publish(std::move(finding));
}

}  // namespace mapquake
