#include "harness/campaign/stored_case.hpp"

#include "harness/campaign/address.hpp"
#include "harness/case/execution_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake {
Result<StoredFailure> replay_stored(const std::filesystem::path& path, const MapInfo& map, Executor& executor,
                                    const SymbolizerFactory& make_symbolizer) {
  const auto file = load_replay(path, false);
  if (!file) return file.error();
  if (file->map != map.name) {
    return Error{ExitCode::bad_input, fmt::format("{}: it is a case of {}", path.string(), file->map), ""};
  }
  const auto fails = [&](const Execution& execution) {
    return execution.violation.outcome == file->outcome && is_expected(map, file->outcome);
  };
  Execution execution = executor.execute({file->program, by_numbers(*file)}, false);
  if (!fails(execution)) {
    const auto resolved = resolve_choices(*file, executor, make_symbolizer(map), false);
    if (!resolved) return resolved.error();
    execution = executor.execute({file->program, resolved->choices}, false);
  }
  if (!fails(execution)) {
    return Error{ExitCode::bad_input,
                 fmt::format("{}: it does not fail as {} any more", path.string(), name_of(file->outcome)), ""};
  }
  StoredFailure stored;
  stored.defect.headline = headline_of(execution);
  stored.defect.outcome = execution.violation.outcome;
  stored.defect.signature = file->signature;
  stored.defect.path = path;
  stored.defect.state = DefectState::stored;
  stored.defect.after_race = is_behind_race(execution.violation.outcome, execution);
  stored.scenario = file->scenario;
  stored.fingerprint = execution.fingerprint;
  return stored;
}

}  // namespace mapquake
