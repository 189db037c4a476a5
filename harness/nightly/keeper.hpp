// One file per defect, its smallest case: what a campaign finds goes into the store through here.
#pragma once

#include "harness/nightly/directory.hpp"

#include <filesystem>
#include <mutex>

namespace mapquake::nightly {

class Keeper {
 public:
  /// `index`: of the store, read once. Cost: what the index takes, about 300 bytes per defect.
  Keeper(std::filesystem::path store, Index index);

  /// Answers where the defect's case is once this returns, on disk: a new file, or the one that was there, whose
  /// content a smaller case has replaced. So a path that was told stays good, though its name may tell another scenario
  /// than the one of the case. May be called from any thread. Cost: independent of the number of defects. Errors:
  /// input_output.
  Result<std::filesystem::path> keep(const ReplayFile& file);

 private:
  std::filesystem::path place_for(const ReplayFile& file, const DefectKey& key) const;

  const std::filesystem::path store_;
  std::mutex lock_;  ///< guards the index, and keeps writers of one defect apart
  Index index_;
};

}  // namespace mapquake::nightly
