// A store on disk: DIR/*.toml are replay files, one per defect; DIR/runs/*.json are records of runs, each written by
// its run alone. Nothing else is needed: whatever else lies there is left alone, and an index is built when it is
// needed.
#pragma once

#include "harness/base/result.hpp"
#include "harness/nightly/store_value.hpp"

#include <filesystem>
#include <map>
#include <vector>

namespace mapquake::nightly {

/// Where the replay files of each defect are. `mapquake run` writes one for each scenario that it was found in; the
/// first by name is the one that is kept.
using Index = std::map<DefectKey, std::vector<std::filesystem::path>>;

/// Reads no more of each replay file than its head, so a file that is cut off behind it counts. Files that are no
/// replays (scenarios, incidents) are left out; `problems` has those that cannot be read. A directory that does not
/// exist is empty. Cost: about 20 µs per file.
Index read_index(const std::filesystem::path& store, std::vector<Error>& problems);

/// All runs, each once. An empty file is a run that was killed before it began: no problem.
std::map<std::string, RunRecord> read_runs(const std::filesystem::path& store, std::vector<Error>& problems);

/// Everything, each replay file checked whole. Errors: input_output where the directory cannot be read.
Result<StoreValue> read_store(const std::filesystem::path& store, std::vector<Error>& problems);

/// A name in DIR/runs that no other run has, also of processes that start at the same moment: "run-000007.json", with
/// shards "run-000007-2of8.json". Sets record.number to the number after those of `runs` with the same shards. The file
/// is there and empty afterwards, so the number is never given again. Errors: input_output.
Result<std::filesystem::path> claim_run(const std::filesystem::path& store, RunRecord& record,
                                        const std::map<std::string, RunRecord>& runs);

/// Errors: input_output.
Result<Done> write_record(const std::filesystem::path& path, const RunRecord& record);

/// Makes the store in this directory hold `value`: copies replay files from where they lie, a smaller case over the
/// larger of its defect, and writes records. Does nothing that is done, so it can be killed and asked again.
/// Requires: value has all that the directory has. Errors: input_output, bad_input.
Result<Done> write_store(const std::filesystem::path& store, const StoreValue& value);

/// Removes what writers that were killed an hour ago or more have left.
void remove_leftovers(const std::filesystem::path& store);

}  // namespace mapquake::nightly
