// The defects that a request lists, and how often each was met.
#pragma once

#include "harness/wire/live.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace mapquake {

class KnownHits {
 public:
  /// Counts in exploration.known_hits. `known` has to outlive it.
  KnownHits(std::span<const std::uint64_t> known, Exploration& exploration)
      : known_(known), hits_(std::span(exploration.known_hits).first(known.size())) {}

  bool is_known(std::uint64_t fingerprint) const { return std::ranges::find(known_, fingerprint) != known_.end(); }
  /// Whether this is one of the defects that the request lists; then it is counted there.
  bool count_if_known(std::uint64_t fingerprint) const {
    const auto at = std::ranges::find(known_, fingerprint);
    if (at == known_.end()) return false;
    ++hits_[static_cast<std::size_t>(at - known_.begin())];
    return true;
  }

  std::span<const std::uint64_t> known() const { return known_; }
  std::span<std::uint32_t> hits() const { return hits_; }

 private:
  std::span<const std::uint64_t> known_;
  std::span<std::uint32_t> hits_;
};

}  // namespace mapquake
