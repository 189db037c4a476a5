#include "harness/campaign/equivalent.hpp"

#include "harness/campaign/moved_places.hpp"
#include "harness/shrink/remap.hpp"
#include "harness/shrink/session.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace mapquake {
namespace {

constexpr std::uint64_t bounded_runs = 4'000, drawn_runs = 1'000, place_runs = 2'000;

/// Searches one file's program; counts what that costs.
class EquivalentSearch {
 public:
  EquivalentSearch(const ReplayFile& file, Executor& executor) : file_(file), executor_(executor) {}

  bool ends_alike(const Execution& execution) const {
    return execution.violation.outcome == file_.outcome && execution.violation.label == file_.label;
  }

  std::optional<std::vector<Choice>> from(const std::vector<Choice>& nearest) {
    const std::vector<Choice> faults = faults_of(nearest);
    if (auto found = with(faults)) return found;
    for (const std::vector<Choice>& aged : other_ages(faults)) {
      if (auto found = with(aged)) return found;
    }
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (auto found = with_one_elsewhere(faults, i)) return found;
    }
    return std::nullopt;
  }
  /// The file's own schedule, with the places of one source file elsewhere.
  std::optional<std::vector<Choice>> where_places_have_moved(const SiteFunction& site) {
    const Execution traced = executor_.execute({file_.program, {}}, true);
    for (const ReplayFile& moved : with_places_moved(file_, traced.trace, site)) {
      if (executor_.was_cut_off()) break;
      const auto resolution = resolve_choices(moved, executor_, site, false);
      if (!resolution) continue;
      ++executions_;
      if (ends_alike(executor_.execute({file_.program, resolution->choices}, false))) return resolution->choices;
    }
    return std::nullopt;
  }
  std::uint64_t executions() const { return executions_; }

 private:
  std::uint32_t switches_max() const {
    const auto is_switch = [](const StoredChoice& choice) { return choice.kind == ChoiceKind::schedule; };
    const auto count = std::ranges::count_if(file_.choices, is_switch);
    return std::min(static_cast<std::uint32_t>(count), Session::depth_max);
  }

  SearchRequest request_with(std::span<const Choice> pinned) const {
    SearchRequest request;
    request.program = file_.program;
    request.seed = file_.seed;
    request.outcome = file_.outcome;
    request.label = file_.label;
    request.pinned.assign(pinned.begin(), pinned.end());
    request.depth = switches_max();
    return request;
  }

  std::optional<std::vector<Choice>> with(std::span<const Choice> pinned) {
    SearchRequest request = request_with(pinned);
    request.kind = SearchKind::bounded;
    if (auto found = run(request, bounded_runs)) return found;
    if (file_.program.threads.size() < 2) return std::nullopt;
    request.kind = SearchKind::pct;
    if (auto found = run(request, drawn_runs)) return found;
    request.kind = SearchKind::random_walk;
    return run(request, drawn_runs);
  }

  /// What the map's own random numbers were is no fault, and tells nothing at another place.
  std::optional<std::vector<Choice>> with_one_elsewhere(std::span<const Choice> faults, std::size_t moved) {
    if (faults[moved].kind == ChoiceKind::adapter) return std::nullopt;
    SearchRequest request = request_with(faults);
    request.kind = SearchKind::places;
    request.moved = faults[moved];
    request.pinned.erase(request.pinned.begin() + static_cast<std::ptrdiff_t>(moved));
    return run(request, place_runs);
  }

  std::optional<std::vector<Choice>> run(SearchRequest& request, std::uint64_t runs) {
    if (executor_.was_cut_off()) return std::nullopt;
    request.executions_max = runs;
    const SearchResult result = executor_.search(request);
    executions_ += result.executions;
    if (!result.found || !ends_alike(result.execution)) return std::nullopt;
    ++executions_;
    // What counts is what a replay does.
    if (!ends_alike(executor_.execute({file_.program, result.execution.choices}, false))) return std::nullopt;
    return result.execution.choices;
  }

  const ReplayFile& file_;
  Executor& executor_;
  std::uint64_t executions_ = 0;
};

}  // namespace

Reproduction reproduce(const ReplayFile& file, const Resolution& resolution, Executor& executor,
                       const SiteFunction& site) {
  EquivalentSearch search(file, executor);
  const Execution nearest = executor.execute({file.program, resolution.choices}, false);
  Reproduction told;
  told.choices = resolution.choices;
  told.nearest = nearest.violation;
  if (search.ends_alike(nearest)) {
    told.how = resolution.exact ? Reproduced::exact : Reproduced::equivalent;
    return told;
  }
  if (!is_failure(file.outcome)) return told;
  auto found = resolution.exact ? std::nullopt : search.where_places_have_moved(site);
  if (!found) found = search.from(resolution.choices);
  if (found) {
    told.how = Reproduced::equivalent;
    told.choices = std::move(*found);
  }
  told.executions = search.executions();
  return told;
}

}  // namespace mapquake
