// A bound on what operations may use, stated by a scenario, by a map's claims or on the command line. Everything it
// bounds is counted in virtual time and steps, so an execution is within its budgets on every machine or on none.
#pragma once

#include "harness/base/result.hpp"
#include "harness/history/usage.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake {

/// How the calls of one kind of operation in one execution become one number. Percentiles are by nearest rank: the
/// smallest value that at least so many percent of the calls do not exceed.
enum class Statistic : std::uint8_t { max, p50, p90, p95, p99, total };
inline constexpr unsigned statistic_count = 6;

struct Budget {
  std::optional<OpKind> operation = {};  ///< none: every kind of operation, each for itself
  Statistic statistic = Statistic::max;
  Figure figure = Figure::steps;
  std::uint64_t limit = 0;  ///< the greatest value that is still within the budget

  friend bool operator==(const Budget&, const Budget&) = default;
};

inline constexpr std::size_t budgets_max = 64;  ///< of one program

/// "max", "p50", …, "total".
std::string_view name_of(Statistic statistic);

/// "find.p99_steps": what is bounded, with the operation given, or else the budget's own.
std::string subject_of(const Budget& budget, std::optional<OpKind> operation = std::nullopt);
/// "find.p99_steps=100", as parse_budget reads it.
std::string to_string(const Budget& budget);

/// [OPERATION.][STATISTIC_]FIGURE=NUMBER, spaces allowed around the sign: "p99_steps=200", "find.max_waits = 0",
/// "live_bytes=4096". Without a statistic: max. live_bytes takes neither operation nor statistic. Errors (usage): the
/// reason, with what would be right.
Result<Budget> parse_budget(std::string_view text);
/// Several, separated by spaces or commas; none in an empty text. Errors: as parse_budget, or more than budgets_max.
Result<std::vector<Budget>> parse_budgets(std::string_view text);

/// Adds those of `more` that are not there yet, as far as budgets_max allows.
void add_budgets(std::vector<Budget>& budgets, const std::vector<Budget>& more);

}  // namespace mapquake
