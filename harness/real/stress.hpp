// Rounds of real threads, judged one by one.
#pragma once

#include "harness/real/driver_process.hpp"
#include "harness/recorded/check.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mapquake::real {

struct StressOptions {
  Job job;                   ///< task stress; job.directory is made and emptied of rounds
  Claims claims;             ///< that histories are held to
  double seconds = 10;       ///< at most
  double hang_seconds = 10;  ///< a round that takes longer hangs
};

/// What a stress run came to.
struct StressResult {
  std::uint64_t rounds = 0;     ///< that were recorded whole
  std::uint64_t calls = 0;      ///< in their histories
  std::uint64_t undecided = 0;  ///< rounds that could not be judged
  double seconds = 0;
  Ending ending = {};  ///< of the driver: crashed, hung or failed by itself are findings
  /// The round that failed, if any, and its log, which stays.
  std::optional<std::uint64_t> failed_round = {};
  std::filesystem::path log = {};
  std::optional<recorded::CheckReport> report =
      {};  ///< of it, with a contradiction; empty where only the driver failed
};

/// Until something is found, the time is over or `stop` says so. Logs of rounds without a finding are removed. Errors:
/// of starting the driver; input_output where a log cannot be read.
Result<StressResult> stress(const StressOptions& options, const std::filesystem::path& driver,
                            const std::function<bool()>& stop);

}  // namespace mapquake::real
