#include "harness/nightly/known.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/campaign/address.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/history/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace mapquake::nightly {
namespace {

using Clock = std::chrono::steady_clock;

std::uint32_t faults_in(const ReplayFile& file) {
  std::uint32_t mask = 0;
  for (const StoredChoice& choice : file.choices) {
    if (choice.kind != ChoiceKind::schedule && choice.kind != ChoiceKind::adapter) mask |= fault_bit(choice.kind);
  }
  return mask;
}

/// Executes cases of one file and judges what comes of them.
class Judge {
 public:
  Judge(const ReplayFile& file, Executor& executor) : file_(file), executor_(executor) {}

  /// True: it failed, and `told` says how.
  bool fails(std::vector<Choice> choices, KnownReplay& told) {
    return judge(executor_.execute({file_.program, std::move(choices)}, false), told);
  }
  bool fails_under_another_schedule(KnownReplay& told) {
    SearchRequest request;
    request.program = file_.program;
    request.executions_max = searched_before_fixed;
    request.outcome = file_.outcome;
    request.label = label_to_keep(file_.outcome, file_.label);
    request.fault_mask = faults_in(file_);
    const SearchResult result = executor_.search(request);
    return result.found && judge(result.execution, told);
  }

 private:
  bool judge(const Execution& execution, KnownReplay& told) const {
    const Violation& seen = execution.violation;
    if (!is_failure(seen.outcome) || executor_.was_cut_off()) return false;
    const bool same = seen.outcome == file_.outcome &&
                      label_to_keep(seen.outcome, seen.label) == label_to_keep(file_.outcome, file_.label);
    told.state = same ? KnownState::still_fails : KnownState::changed;
    told.fingerprint = execution.fingerprint;
    told.now = headline_of(execution);
    told.outcome_now = seen.outcome;
    return true;
  }

  const ReplayFile& file_;
  Executor& executor_;
};

/// A file whose map is there.
struct Item {
  DefectKey key;
  std::filesystem::path path;
  std::size_t map = 0;
  std::int64_t last_s = 0;
};

}  // namespace

KnownReplay replay_known(const ReplayFile& file, const MapInfo& map, Executor& executor,
                         const SymbolizerFactory& make_symbolizer) {
  KnownReplay told;
  told.scenario = file.scenario;
  told.headline = headline_of(file);
  told.outcome = file.outcome;
  if (file.outcome == Outcome::nondeterministic) {
    told.state = KnownState::not_reproducible;
    told.note = "it never was";
    return told;
  }
  Judge judge(file, executor);
  executor.fresh_process();
  if (judge.fails(by_numbers(file), told) && (file.build == map.build || told.state == KnownState::still_fails)) {
    return told;
  }
  told.state = KnownState::not_replayed;
  if (file.build == map.build && !executor.was_cut_off()) {
    told.state = KnownState::not_reproducible;
    told.note = "the build that wrote it runs it clean: something that mapquake does not control reaches the map";
    return told;
  }
  const auto resolved = resolve_choices(file, executor, make_symbolizer(map), true);
  if (resolved && judge.fails(resolved->choices, told)) {
    if (!resolved->exact) told.note = "by the nearest schedule: its own is gone";
    return told;
  }
  if (!executor.was_cut_off() && judge.fails_under_another_schedule(told)) {
    told.note = "under another schedule of its program";
    return told;
  }
  if (executor.was_cut_off()) {
    told.state = KnownState::not_replayed;
    told.note = "it was cut off";
    return told;
  }
  told.state = KnownState::fixed;
  told.note = fmt::format("neither {} nor {} others of its program fail",
                          resolved && resolved->exact ? "its schedule" : "the nearest schedule", searched_before_fixed);
  return told;
}

std::vector<KnownReplay> replay_all_known(const Index& index, const std::map<DefectKey, std::int64_t>& last,
                                          std::span<const MapInfo> maps, const CampaignServices& services,
                                          const KnownLimits& limits,
                                          const std::function<void(const KnownReplay&)>& told) {
  std::vector<Item> items;
  std::vector<KnownReplay> replays;
  for (const auto& [key, paths] : index) {
    const auto map = std::ranges::find(maps, key.map, &MapInfo::name);
    if (map == maps.end()) {
      KnownReplay& replay = replays.emplace_back();
      replay.key = key, replay.path = paths.front(), replay.note = "its map was not selected";
      continue;
    }
    const auto before = last.find(key);
    items.push_back(
        {key, paths.front(), static_cast<std::size_t>(map - maps.begin()), before == last.end() ? 0 : before->second});
  }
  std::ranges::stable_sort(items, {}, [](const Item& item) { return std::pair(item.last_s, item.map); });

  const auto start = Clock::now();
  const auto seconds = [start] { return seconds_since(start); };
  const auto signalled = [&] { return services.signal != nullptr && *services.signal != 0; };
  std::atomic<std::size_t> next{0};
  std::mutex lock;  // guards replays, and keeps what is told apart
  const auto work = [&] {
    std::unique_ptr<Executor> executor;
    std::optional<std::size_t> of_map;
    for (std::size_t at = next++; at < items.size(); at = next++) {
      const Item& item = items[at];
      const MapInfo& map = maps[item.map];
      KnownReplay replay;
      const bool over = signalled() || (limits.seconds_max > 0 && seconds() >= limits.seconds_max);
      const auto file = over ? Result<ReplayFile>(Error{}) : load_replay(item.path, false);
      if (over) {
        replay.note = "no time";
      } else if (!file) {
        replay.note = file.error().what;
      } else {
        if (of_map != item.map) {
          auto made = services.make_executor(map);
          executor = made ? std::move(*made) : nullptr;
          if (!made) replay.note = made.error().what;
          of_map = item.map;
        }
        if (executor) {
          const double until = seconds() + limits.seconds_of_each;
          executor->heed([&signalled, &seconds, until] { return signalled() || seconds() >= until; });
          replay = replay_known(*file, map, *executor, services.make_symbolizer);
        } else if (replay.note.empty()) {
          replay.note = "its map cannot be run";
        }
      }
      replay.key = item.key, replay.path = item.path, replay.map = item.map;
      const std::scoped_lock hold(lock);
      replays.push_back(replay);
      told(replay);
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned job = 1; job < limits.jobs; ++job) threads.emplace_back(work);
  work();
  threads.clear();
  return replays;
}

}  // namespace mapquake::nightly
