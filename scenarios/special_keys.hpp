// Keys that maps treat apart: markers of empty slots and of erased ones, ends of lists, what fits no index, and such as
// are alike in their lower bits. Whether a map can keep them its documentation says; only those that it keeps when one
// thread alone adds them and looks them up (campaign/map_probe.hpp) are given to it otherwise.
#pragma once

#include "harness/history/program.hpp"
#include "scenarios/scenario.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

namespace mapquake {

struct SpecialKey {
  std::int64_t number = 0;
  /// `number` more than another key of the program: a map that takes the two for one is wrong, whatever it reserves.
  bool is_offset = false;

  constexpr std::int64_t beside(std::int64_t other) const { return is_offset ? other + number : number; }
};

inline constexpr std::array special_keys{SpecialKey{0},
                                         SpecialKey{-1},
                                         SpecialKey{-2},
                                         SpecialKey{std::numeric_limits<std::int64_t>::min()},
                                         SpecialKey{std::numeric_limits<std::int64_t>::max()},
                                         SpecialKey{std::numeric_limits<std::int32_t>::min()},
                                         SpecialKey{std::numeric_limits<std::int32_t>::max()},
                                         SpecialKey{std::int64_t{1} << 8, true},
                                         SpecialKey{std::int64_t{1} << 16, true},
                                         SpecialKey{std::int64_t{1} << 24, true},
                                         SpecialKey{std::int64_t{1} << 32, true},
                                         SpecialKey{std::int64_t{1} << 48, true}};
static_assert(special_keys.size() <= std::numeric_limits<decltype(ScenarioOptions::special_keys)>::digits);

/// What a thread does to a key to see whether the map keeps it: adds it, looks it up and erases it; the same beside
/// other keys that come and go; or all that the map can do to a key.
enum class About : std::uint8_t { key_alone, key_among_others, everything };
/// The other keys are `others`, `others` + 1, …: two, and `entries_more` at the end, which make most maps grow. Nothing
/// where the map cannot add. Values are not numbered.
std::optional<Program> program_about(std::int64_t key, OpMask operations, About about, unsigned entries_more,
                                     std::int64_t others = 1);

/// One program in 8 of those in which keys are free gets one of its keys replaced, everywhere, by one of
/// options.special_keys; one in four of these up to three. Requires numbered values.
void give_special_key(std::uint64_t seed, const ScenarioOptions& options, Program& program);

}  // namespace mapquake
