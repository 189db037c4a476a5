// The defects that a request lists, and how often each was met.
#pragma once

#include "harness/wire/slot.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace mapquake {

/// Null where the request does not list it.
inline std::uint32_t* hits_of(SlotHeader& header, std::uint64_t fingerprint) {
  const std::span<const std::uint64_t> known(header.known, header.known_count);
  const auto at = std::ranges::find(known, fingerprint);
  return at == known.end() ? nullptr : header.known_hits + (at - known.begin());
}

inline bool is_known(SlotHeader& header, std::uint64_t fingerprint) {
  return hits_of(header, fingerprint) != nullptr;
}

/// Whether this is one of the defects that the request lists; then it is counted there.
inline bool count_if_known(SlotHeader& header, std::uint64_t fingerprint) {
  std::uint32_t* const hits = hits_of(header, fingerprint);
  if (hits != nullptr) ++*hits;
  return hits != nullptr;
}

}  // namespace mapquake
