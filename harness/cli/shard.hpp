// "2/8": which part of a campaign's work a process does.
#pragma once

#include "harness/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mapquake::cli {

/// 1 <= number <= of.
struct Shard {
  unsigned number = 1;
  unsigned of = 1;
};

/// "i/n" alone. Empty for anything else.
std::optional<Shard> parse_shard(std::string_view text);

/// The value of an environment variable; null where it is not set.
using Variables = std::function<const char*(const char* name)>;

/// "i/n"; or "auto", or "auto/n" where n must be told: then what runs the process says which part is its, by the
/// variables of (the first that is there counts)
///   Bazel       TEST_SHARD_INDEX (from 0), TEST_TOTAL_SHARDS
///   GoogleTest  GTEST_SHARD_INDEX (from 0), GTEST_TOTAL_SHARDS
///   Slurm       SLURM_ARRAY_TASK_ID (from SLURM_ARRAY_TASK_MIN, by SLURM_ARRAY_TASK_STEP), SLURM_ARRAY_TASK_COUNT
///   Kubernetes  JOB_COMPLETION_INDEX (from 0) of an Indexed Job, which does not tell their number: "auto/n"
///   GitLab      CI_NODE_INDEX (from 1), CI_NODE_TOTAL
/// Never taken without being asked for: a test that happens to run in a sharded suite would do a part of its search.
/// Errors: usage, what is missing or does not fit.
Result<Shard> shard_from(std::string_view text, const Variables& variables);

}  // namespace mapquake::cli
