// A stored failure in a build other than its own: by its own schedule where that is still there, else by another one of
// the same program that comes to the same end.
#pragma once

#include "harness/campaign/address.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

enum class Reproduced : std::uint8_t {
  exact,       ///< every choice was found where the file says, and they end as the file says
  equivalent,  ///< so do other choices: the same program, as many switches at most, the same faults, maybe elsewhere
  no,          ///< neither; or nothing was looked for, because the file says nothing of a build
};

struct Reproduction {
  Reproduced how = Reproduced::no;
  /// Those that end as the file says; where none do, the ones that resolve_choices() found.
  std::vector<Choice> choices;
  std::uint64_t executions = 0;  ///< in search of an equivalent one
  Violation nearest = {};        ///< of `no` and `equivalent`: how the choices that resolve_choices() found end
};

/// Executes what resolve_choices() made of the file (`nearest` allowed), and where that does not end with the file's
/// outcome and label, takes the lines of a file to have moved, or the file to have another name, so that the first
/// choice that is lost is at an event of its kind. Then it searches: switches anywhere with the faults where they are,
/// systematically and drawn; older values of other ages; then each fault at other places. What it answers was replayed.
/// An equivalent of a race is a race with the same kinds of access in the same program: the file does not say more of
/// it that survives a build. Cost: one execution where the resolution is exact and fails, else up to some 10,000.
Reproduction reproduce(const ReplayFile& file, const Resolution& resolution, Executor& executor,
                       const SiteFunction& site);

}  // namespace mapquake
