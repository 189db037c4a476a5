#include "harness/nightly/directory.hpp"

#include "harness/nightly/head.hpp"
#include "harness/nightly/record_text.hpp"
#include "harness/store/fsio.hpp"
#include "harness/store/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace mapquake::nightly {
namespace {

namespace fs = std::filesystem;

/// Regular files with this ending, by name. A directory that is not there has none.
Result<std::vector<fs::path>> files_in(const fs::path& directory, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator at(directory, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code gone;
    if (at->path().extension() == ending && at->is_regular_file(gone)) files.push_back(at->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Error{ExitCode::input_output, fmt::format("{}: cannot be read: {}", directory.string(), error.message()),
                 "Name the directory of a store."};
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path runs_of(const fs::path& store) {
  return store / "runs";
}

std::string run_name(const RunRecord& record, std::string_view behind = "") {
  const std::string shard = record.shards > 1 ? fmt::format("-{}of{}", record.shard, record.shards) : "";
  return fmt::format("run-{:06}{}{}.json", record.number, shard, behind);
}

/// A replay file whole; empty where it is another sort of file.
struct WholeFile {
  DefectKey key;
  StoredDefect defect;
};
Result<std::optional<WholeFile>> whole_file(const fs::path& path) {
  const auto text = read_file_bounded(path, replay_file_bytes_max);
  if (!text) return text.error();
  if (!may_be_replay(*text)) return std::optional<WholeFile>();
  const auto file = parse_replay(*text, path.string(), false);
  if (!file) return file.error();
  if (!is_pinned(*file) || file->map.empty()) return std::optional<WholeFile>();
  const std::string signature = file->signature.empty() ? signature_of(*file) : file->signature;
  return std::optional(WholeFile{{file->map, signature}, stored_defect(*file, *text, path)});
}

Result<std::optional<RunRecord>> record_in(const fs::path& path) {
  const auto text = read_file_bounded(path, record_bytes_max);
  if (!text) return text.error();
  if (text->empty()) return std::optional<RunRecord>();
  auto record = parse_record(*text, path.string());
  if (!record) return record.error();
  return std::optional(std::move(*record));
}

/// A name for a copy of the file in the store: its own where that is free.
fs::path place_for(const fs::path& store, const DefectKey& key, const StoredDefect& defect) {
  const fs::path own = store / defect.path.filename();
  std::error_code error;
  if (!fs::exists(own, error)) return own;
  const auto there = whole_file(own);
  if (there && *there && (*there)->key == key) return own;
  return store / fmt::format("{}-{}.toml", own.stem().string(), key.signature);
}

}  // namespace

Index read_index(const fs::path& store, std::vector<Error>& problems) {
  Index index;
  const auto files = files_in(store, ".toml");
  if (!files) {
    problems.push_back(files.error());
    return index;
  }
  for (const fs::path& path : *files) {
    if (auto head = read_head(path)) {
      index[{std::move(head->map), std::move(head->signature)}].push_back(path);
      continue;
    }
    const auto whole = whole_file(path);
    if (!whole) problems.push_back(whole.error());
    if (whole && *whole) index[(*whole)->key].push_back(path);
  }
  return index;
}

std::map<std::string, RunRecord> read_runs(const fs::path& store, std::vector<Error>& problems) {
  StoreValue value;
  const auto files = files_in(runs_of(store), ".json");
  if (!files) problems.push_back(files.error());
  for (const fs::path& path : files ? *files : std::vector<fs::path>{}) {
    auto record = record_in(path);
    if (!record) problems.push_back(record.error());
    if (record && *record) add(value, std::move(**record));
  }
  return std::move(value.runs);
}

Result<StoreValue> read_store(const fs::path& store, std::vector<Error>& problems) {
  std::error_code error;
  if (!fs::is_directory(store, error)) {
    return Error{ExitCode::input_output, fmt::format("{}: there is no such directory", store.string()),
                 "Name the directory that --store named."};
  }
  const auto files = files_in(store, ".toml");
  if (!files) return files.error();
  StoreValue value;
  value.runs = read_runs(store, problems);
  for (const fs::path& path : *files) {
    auto whole = whole_file(path);
    if (!whole) problems.push_back(whole.error());
    if (whole && *whole) add(value, (*whole)->key, std::move((*whole)->defect));
  }
  return value;
}

Result<fs::path> claim_run(const fs::path& store, RunRecord& record, const std::map<std::string, RunRecord>& runs) {
  record.number = 1;
  for (const auto& [id, run] : runs) {
    if (run.shard == record.shard && run.shards == record.shards)
      record.number = std::max(record.number, run.number + 1);
  }
  for (;; ++record.number) {
    fs::path path = runs_of(store) / run_name(record);
    const auto claimed = claim_file(path);
    if (!claimed) return claimed.error();
    if (*claimed) return path;
  }
}

Result<Done> write_record(const fs::path& path, const RunRecord& record) {
  return write_file_durably(path, to_json(record));
}

Result<Done> write_store(const fs::path& store, const StoreValue& value) {
  std::vector<Error> ignored;
  const Index there = read_index(store, ignored);
  for (const auto& [key, defect] : value.defects) {
    const auto at = there.find(key);
    if (at != there.end() && std::ranges::find(at->second, defect.path) != at->second.end()) continue;
    const auto text = read_file_bounded(defect.path, replay_file_bytes_max);
    if (!text) return text.error();
    const auto written =
        write_file_durably(at != there.end() ? at->second.front() : place_for(store, key, defect), *text);
    if (!written) return written.error();
  }
  const auto records = files_in(runs_of(store), ".json");
  if (!records) return records.error();
  std::map<std::string, std::pair<fs::path, RunRecord>> kept;
  for (const fs::path& path : *records) {
    auto record = record_in(path);
    if (record && *record) kept.insert_or_assign((*record)->id, std::pair(path, **record));
  }
  for (const auto& [id, run] : value.runs) {
    const auto at = kept.find(id);
    if (at != kept.end() && at->second.second == run) continue;
    const fs::path path = at != kept.end() ? at->second.first : runs_of(store) / run_name(run, "-" + id);
    const auto written = write_record(path, run);
    if (!written) return written.error();
  }
  return Done{};
}

void remove_leftovers(const fs::path& store) {
  const auto now = fs::file_time_type::clock::now();
  for (const fs::path& directory : {store, runs_of(store)}) {
    std::error_code error;
    for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator(); at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (!name.starts_with(".mapquake-")) continue;
      std::error_code gone;
      const auto written = at->last_write_time(gone);
      if (!gone && now - written > std::chrono::hours(1)) fs::remove(at->path(), gone);
    }
  }
}

}  // namespace mapquake::nightly
