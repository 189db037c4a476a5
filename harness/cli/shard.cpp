#include "harness/cli/shard.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace mapquake::cli {
namespace {

std::optional<unsigned> number_in(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// One way of telling processes apart.
struct Family {
  const char* name;
  const char* index;
  const char* total;  ///< null: nobody tells
  const char* first;  ///< the variable with the first index; null: it is `from`
  const char* step;   ///< null: 1
  unsigned from;
};

constexpr std::array<Family, 5> families{{
    {"Bazel", "TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", nullptr, nullptr, 0},
    {"GoogleTest", "GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", nullptr, nullptr, 0},
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", 0},
    {"Kubernetes", "JOB_COMPLETION_INDEX", nullptr, nullptr, nullptr, 0},
    {"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", nullptr, nullptr, 1},
}};

Error refused(std::string what) {
  return {ExitCode::usage, std::move(what), "Say it yourself: --shard 2/8 is the second of eight parts."};
}

Result<unsigned> value_of(const char* variable, const Variables& variables, std::optional<unsigned> otherwise) {
  const char* const text = variable != nullptr ? variables(variable) : nullptr;
  const auto number = text != nullptr ? number_in(text) : otherwise;
  if (number) return *number;
  if (text == nullptr) return refused(fmt::format("--shard auto: ${} is not set", variable));
  return refused(fmt::format("--shard auto: ${} is \"{}\", which is no number", variable, text));
}

/// `told`: how many there are, as the user says; 0: nothing said.
Result<Shard> shard_of(const Family& family, unsigned told, const Variables& variables) {
  const auto index = value_of(family.index, variables, std::nullopt);
  if (!index) return index.error();
  const auto first = value_of(family.first, variables, family.from);
  if (!first) return first.error();
  const auto step = value_of(family.step, variables, 1u);
  if (!step) return step.error();
  if (family.total == nullptr && told == 0) {
    return refused(fmt::format("--shard auto: {} does not say how many there are; write --shard auto/8", family.name));
  }
  const auto total = family.total != nullptr ? value_of(family.total, variables, {}) : Result<unsigned>(told);
  if (!total) return total.error();
  if (told != 0 && told != *total) {
    return refused(fmt::format("--shard auto/{}: ${} says {}", told, family.total, *total));
  }
  if (*index < *first || *step == 0 || (*index - *first) / *step >= *total) {
    return refused(fmt::format("--shard auto: ${} is {}, which is none of {}", family.index, *index, *total));
  }
  return Shard{(*index - *first) / *step + 1, *total};
}

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = number_in(text.substr(0, slash)), of = number_in(text.substr(slash + 1));
  if (!number || !of || *number == 0 || *number > *of) return std::nullopt;
  return Shard{*number, *of};
}

Result<Shard> shard_from(std::string_view text, const Variables& variables) {
  constexpr std::string_view word = "auto";
  if (!text.starts_with(word)) {
    if (const auto shard = parse_shard(text)) return *shard;
    return refused(fmt::format("--shard wants i/n with 1 <= i <= n, such as 2/8, or auto, not \"{}\"", text));
  }
  const std::string_view rest = text.substr(word.size());
  const unsigned told = rest.starts_with('/') ? number_in(rest.substr(1)).value_or(0) : 0;
  if (!rest.empty() && told == 0) {
    return refused(fmt::format("--shard wants auto or auto/n, such as auto/8, not \"{}\"", text));
  }
  for (const Family& family : families) {
    if (variables(family.index) != nullptr) return shard_of(family, told, variables);
  }
  std::string names;
  for (const Family& family : families) names += fmt::format("{}${}", names.empty() ? "" : ", ", family.index);
  return refused("--shard auto: nothing says which part is this one's; none is set of " + names);
}

}  // namespace mapquake::cli
