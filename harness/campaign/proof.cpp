#include "harness/campaign/proof.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/stopwatch.hpp"
#include "harness/strategy/dpor.hpp"

#include <algorithm>
#include <chrono>

namespace mapquake {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double shrink_seconds_of_row = 5;

/// What the cases of the row are stored under: they were not drawn, but the file says what they are about.
std::string scenario_of(const MapInfo& map) {
  return map.is_program() ? "program" : "mixed-operations";
}

struct Task {
  ProofRow* row;
  const Program* program;
};

enum class Proved : std::uint8_t { decided, limited };

class Prover {
 public:
  Prover(const MapInfo& map, Executor& executor, const ProofBounds& bounds, const CampaignServices& services,
         const std::filesystem::path& store)
      : map_(map), executor_(executor), bounds_(bounds), services_(services), store_(store) {}

  /// `limited`: it took longer than `seconds`, and more time may decide it.
  Proved prove(ProofRow& row, const Program& program, double seconds) {
    const auto start = Clock::now();
    SearchRequest request;
    request.kind = SearchKind::all_orders;
    request.program = program;
    request.depth = bounds_.preemptions_max;
    request.executions_max = bounds_.executions_max;
    request.seconds_max = seconds;
    request.fault_mask = bounds_.fault_mask;
    const SearchResult result = executor_.search(request);
    row.gaps |= result.gaps;
    row.loops_wait |= result.loops_wait;
    if (!map_.unseen_libraries.empty()) row.gaps |= static_cast<std::uint32_t>(Gap::unseen_code);
    row.seconds += seconds_since(start);
    const bool is_over = result.found || executor_.was_cut_off() || result.exhausted || row.gaps != 0 ||
                         result.executions >= bounds_.executions_max;
    (is_over ? row.executions : row.given_up) += result.executions;
    if (!is_over) return Proved::limited;
    row.redundant += result.redundant;
    if (result.found) {
      pursue_failure(row, program, result);
    } else if (executor_.was_cut_off()) {
      row.is_cut_off = true;
    } else if (result.exhausted && row.gaps == 0) {
      ++row.clean;
    }
    ++row.run;
    return Proved::decided;
  }

 private:
  void pursue_failure(ProofRow& row, const Program& program, const SearchResult& result) {
    const RawFailure failure{.failing = {program, result.execution.choices},
                             .violation = result.execution.violation,
                             .seed = 0,
                             .executions_to_failure = row.executions};
    if (!site_) site_ = services_.make_symbolizer(map_);
    Finding finding = pursue(executor_, failure, map_, row.scenario, site_, services_.shrink_case,
                             {.shrink_seconds = shrink_seconds_of_row});
    look_at_map(finding, executor_, site_, services_.moments);
    finding.path = store_ / file_name_for(finding.file);
    if (const auto saved = save_replay(finding.file, finding.path); !saved) finding.problem = saved.error();
    row.finding = std::move(finding);
  }

  const MapInfo& map_;
  Executor& executor_;
  const ProofBounds& bounds_;
  const CampaignServices& services_;
  const std::filesystem::path& store_;
  SiteFunction site_;
};

}  // namespace

std::uint32_t provable_kinds() {
  return PartialOrderSearch::explored_kinds;
}

ProofVerdict ProofRow::verdict() const {
  if (finding) return finding->reproducible() ? ProofVerdict::failing : ProofVerdict::undecided;
  return clean == programs.size() ? ProofVerdict::clean : ProofVerdict::undecided;
}

std::vector<ProofRow> rows_of_pairs(const MapInfo& map) {
  const std::vector<OpKind> kinds = pairable_operations(map.claims, map.operations);
  std::vector<ProofRow> rows;
  for (std::size_t one = 0; one < kinds.size(); ++one) {
    for (std::size_t other = one; other < kinds.size(); ++other) {
      ProofRow row;
      row.name = std::string(name_of(kinds[one])) + " × " + name_of(kinds[other]);
      row.scenario = scenario_of(map);
      row.programs = programs_of_pair(kinds[one], kinds[other], map.operations);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

ProofRow row_of_program(const MapInfo& map) {
  MQ_ASSERT(map.is_program());
  ProofRow row;
  row.name = map.name;
  row.scenario = scenario_of(map);
  row.programs.emplace_back().threads = {{{.kind = OpKind::run}}};
  return row;
}

void prove_rows(std::vector<ProofRow>& rows, const MapInfo& map, Executor& executor, const ProofBounds& bounds,
                const CampaignServices& services, const std::filesystem::path& store,
                const std::function<void(const ProofRow&)>& told) {
  const auto start = Clock::now();
  std::vector<Task> tasks;
  for (ProofRow& row : rows) {
    for (const Program& program : row.programs) tasks.push_back({&row, &program});
  }
  std::ranges::stable_sort(tasks, {}, [](const Task& task) { return task.program->operation_count(); });
  Prover prover(map, executor, bounds, services, store);
  // What takes longer than its share is begun again once all others had theirs, with a larger one.
  for (bool again = false; !tasks.empty(); again = true) {
    std::vector<Task> left_over;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      ProofRow& row = *tasks[i].row;
      const double left = bounds.seconds - seconds_since(start);
      if (row.finding || left <= 0 || executor.was_cut_off()) continue;
      const double share = left / static_cast<double>(tasks.size() - i);
      if (prover.prove(row, *tasks[i].program, again ? share : share / 2) == Proved::limited) {
        left_over.push_back(tasks[i]);
      }
      told(row);
    }
    tasks = std::move(left_over);
    if (bounds.seconds <= seconds_since(start) || executor.was_cut_off()) break;
  }
  for (ProofRow& row : rows) {
    row.is_cut_off |= executor.was_cut_off() && !row.finding && row.run < row.programs.size();
    row.limited |= !row.finding && !row.is_cut_off && row.clean < row.programs.size() && row.gaps == 0;
  }
}

}  // namespace mapquake
