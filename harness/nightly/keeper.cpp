#include "harness/nightly/keeper.hpp"

#include "harness/nightly/head.hpp"
#include "harness/store/fsio.hpp"
#include "harness/store/signature.hpp"

#include <fmt/format.h>

#include <utility>

namespace mapquake::nightly {

Keeper::Keeper(std::filesystem::path store, Index index) : store_(std::move(store)), index_(std::move(index)) {}

std::filesystem::path Keeper::place_for(const ReplayFile& file, const DefectKey& key) const {
  // Names hold half of the signature: enough for people, not for 100,000 files.
  std::filesystem::path path = store_ / file_name_for(file);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return path;
  const auto there = read_head(path);
  if (!there || DefectKey{there->map, there->signature} == key) return path;
  return store_ / fmt::format("{}-{}.toml", path.stem().string(), key.signature);
}

Result<std::filesystem::path> Keeper::keep(const ReplayFile& file) {
  const DefectKey key{file.map, file.signature.empty() ? signature_of(file) : file.signature};
  const std::scoped_lock hold(lock_);
  std::vector<std::filesystem::path>& there = index_[key];
  // Another process may have been here since the index was read: then the place is there, and of this defect.
  std::filesystem::path path = there.empty() ? place_for(file, key) : there.front();
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    const auto stored = load_replay(path, false);
    // One that is damaged makes way.
    if (stored && size_of(*stored) <= size_of(file)) return path;
  }
  const auto written = write_file_durably(path, to_toml(file));
  if (!written) return written.error();
  if (there.empty()) there.push_back(path);
  return path;
}

}  // namespace mapquake::nightly
