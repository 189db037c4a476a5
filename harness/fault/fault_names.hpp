// The faults as a user names them: `--faults alloc,delay`, `mapquake list --faults`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mapquake::fault {

struct FaultName {
  std::string_view name;
  std::uint32_t mask;  ///< bit per ChoiceKind
  std::string_view about;
};

std::span<const FaultName> fault_names();

/// Everything in fault_names().
std::uint32_t all_faults();

/// "alloc,delay", "all", "none" as a mask. False: `wrong` is the word that names no fault.
bool parse_faults(std::string_view text, std::uint32_t& mask, std::string& wrong);

}  // namespace mapquake::fault
