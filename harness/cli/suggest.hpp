// "Did you mean …?"
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

/// How many letters must be inserted, removed, replaced or swapped with their neighbour (optimal string alignment).
/// Cost: O(|a|·|b|).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Up to three names that are close to `wrong` or contain it, closest first.
std::vector<std::string> suggestions(std::string_view wrong, std::span<const std::string> names);

/// "Did you mean "a" or "b"?", empty where nothing is close.
std::string did_you_mean(std::string_view wrong, std::span<const std::string> names);

}  // namespace mapquake::cli
