// The faults as a user names them: `--faults alloc,delay`, `mapquake list --faults`.
#pragma once

#include "harness/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mapquake::fault {

struct FaultName {
  std::string_view name;
  std::uint32_t mask;  ///< bit per ChoiceKind; 0: no choice (spike)
  std::string_view about;
};

std::span<const FaultName> fault_names();

/// Every kind of choice that `all` stands for.
std::uint32_t all_faults();

/// What `--faults` asks for.
struct FaultSelection {
  std::uint32_t mask = 0;     ///< bit per ChoiceKind
  bool spike = false;         ///< of the load, not a choice: programs are drawn with bursts
  bool threads_end = false;   ///< ChoiceKind::crash may be for good
  std::string declared_only;  ///< points that may fire, one per line; empty: all
};

/// "alloc,delay", "all", "none", "declared:journal/write". `all` is everything but `crash`, which must be asked for.
/// Errors (usage): a word that names no fault; more points than declared_only_bytes_max holds (case/plan.hpp).
Result<FaultSelection> parse_faults(std::string_view text);

}  // namespace mapquake::fault
