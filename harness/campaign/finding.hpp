// From a failure that exploring came upon to a finding that can be trusted: confirmed in fresh processes, shrunk,
// confirmed again, under portable addresses.
#pragma once

#include "harness/campaign/address.hpp"
#include "harness/case/map_info.hpp"
#include "harness/shrink/shrink.hpp"
#include "harness/store/replay_file.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mapquake {

/// A failure as explore() reports it.
struct RawFailure {
  Case failing;
  Violation violation;
  std::uint64_t seed = 0;
  std::uint64_t executions_to_failure = 0;
  std::string headline = {};  ///< of the execution that showed it (case/execution_words.hpp)
};

struct Finding {
  std::size_t cell = 0;
  ReplayFile file;                    ///< outcome nondeterministic: a fault of the setup, never a bug of the map
  Execution execution;                ///< of the stored case, with trace; of a nondeterministic one its last execution
  unsigned executions_differing = 0;  ///< nondeterministic: how many of the confirming executions disagreed
  std::filesystem::path path;         ///< where it was saved
  std::optional<Error> problem;       ///< it could not be saved where it should

  bool reproducible() const { return file.outcome != Outcome::nondeterministic; }
};

struct PursuitOptions {
  unsigned confirmations = 10;
  double shrink_seconds = 20;
  std::uint64_t shrink_seed = 0;
  const std::atomic<bool>* stop = nullptr;  ///< set: shrink no further; may be null
};

using ShrinkFunction =
    std::function<ShrinkResult(Executor&, const Case&, Outcome, const std::string&, const ShrinkOptions&)>;

/// Is it no race itself, but behind one, which may be its cause?
bool is_behind_race(Outcome outcome, const Execution& execution);

/// The label that shrinking must keep. The labels of a history that contradicts the claims only name the symptom by
/// which one defect shows (a lost key shows as a duplicate insert too), so there a smaller case may show another:
/// otherwise "nothing can be left out" would be untrue of what is left.
std::string label_to_keep(Outcome outcome, const std::string& label);

/// What a smaller case may ask of the map.
ShrinkOptions shrink_options_for(const MapInfo& map);

/// How many of `times` executions, each in a fresh process, differed from the first or from the wanted outcome and
/// label. 0: confirmed.
unsigned disagreements(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                       unsigned times);

/// Everything but saving. The answer's file has a signature; `path` and `cell` are the caller's.
Finding pursue(Executor& executor, const RawFailure& failure, const MapInfo& map, const std::string& scenario,
               const SiteFunction& site, const ShrinkFunction& shrink_case, const PursuitOptions& options);

/// Of a traced execution, when to look at the map: moments as Executor::look() takes them.
using MomentsFunction = std::function<std::vector<std::uint64_t>(const Execution&, const SiteFunction&)>;

/// Fills in Execution::states of one that is reproducible. `moments` may be null: then nobody looks.
void look_at_map(Finding& finding, Executor& executor, const SiteFunction& site, const MomentsFunction& moments);

/// The signature that the finding of a traced failure will have, where it does not depend on what shrinking leaves over
/// (telling_places_of); else empty.
std::string signature_before_shrinking(const Execution& traced, const MapInfo& map, const SiteFunction& site);

/// The replay file of a case: `traced` is its execution, with trace.
ReplayFile replay_file_of(const Program& program, const Execution& traced, const MapInfo& map,
                          const std::string& scenario, const SiteFunction& site);

}  // namespace mapquake
