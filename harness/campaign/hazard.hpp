// What an execution of a campaign may meet beside its schedule. A campaign searches under each hazard on its own, so
// that none thins out the others, and says which it covered.
#pragma once

#include "harness/case/map_info.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mapquake {

enum class Hazard : std::uint8_t {
  schedules,     ///< nothing but the order of the threads
  failures,      ///< allocations fail, user code throws, points that the map declares fire: any that the claims bear
  disturbances,  ///< time and the operating system at their worst: delays, time-outs, spurious wake-ups, reused blocks,
                 ///< …
  weak_memory,   ///< atomic loads read any value that ISO C++ allows (docs/memory-model.md)
  as_asked,      ///< what the user named with --faults and --memory-model, and nothing else
};
inline constexpr unsigned hazard_count = 5;

using HazardMask = std::uint8_t;
constexpr HazardMask hazard_bit(Hazard hazard) {
  return static_cast<HazardMask>(1u << static_cast<unsigned>(hazard));
}
/// What a campaign covers unless it is told otherwise.
inline constexpr HazardMask default_hazards = hazard_bit(Hazard::schedules) | hazard_bit(Hazard::failures) |
                                              hazard_bit(Hazard::disturbances) | hazard_bit(Hazard::weak_memory);

/// "schedules", "failures", "disturbances", "weak-memory": as `--only` names them.
std::string_view name_of(Hazard hazard);
/// "schedules,failures". False: `wrong` is the word that names none, and `chosen` is as it was.
bool parse_hazards(std::string_view text, HazardMask& chosen, std::string& wrong);
/// For the head of a campaign: "allocation failures, exceptions of user code, declared points".
std::string_view sentence_for(Hazard hazard);

/// Bit per ChoiceKind. Empty for schedules and as_asked.
std::uint32_t fault_mask_of(Hazard hazard);

/// Whether the map's claims bear it: failures where a guarantee is claimed for them, or the map is known to break under
/// faults; weak memory where all code that synchronises is seen.
bool applies(Hazard hazard, const MapInfo& map);

}  // namespace mapquake
