// Is a recorded history possible for a map that keeps its claims? Key by key, without any map: linearizability is local
// (Herlihy & Wing 1990; Horn & Kroening 2015, P-compositionality), so a million calls are a million short questions.
#pragma once

#include "harness/recorded/evidence.hpp"
#include "harness/recorded/key_timeline.hpp"
#include "harness/recorded/log.hpp"

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mapquake::recorded {

struct CheckOptions {
  Claims claims;
  Initially initially = Initially::unknown;
  std::size_t kept_max = 10;  ///< contradictions and undecided keys that are told in detail
};

/// Calls that no order explains.
struct Contradiction {
  std::optional<std::uint32_t> key = {};  ///< empty: it is about the whole map
  std::vector<std::uint32_t> rows = {};   ///< that contradict each other, by start
  std::uint32_t culprit = 0;              ///< the row whose return makes it impossible
  std::optional<KeyState> before = {};    ///< what the key held before them, where that matters
  std::optional<std::uint32_t> before_row = {};
  std::uint32_t left_out = 0;  ///< rows on the key that do not matter
  std::string label = {};      ///< of the whole map: what is wrong (oracle/violation.hpp)
};

/// A question that could not be answered.
struct Undecided {
  enum class Reason : std::uint8_t {
    too_many_open,      ///< calls on one key at one time (JustInTime::open_max)
    too_many_orders,    ///< that explain what came before
    whole_map_bound,    ///< sizes or traversals: too entangled
    whole_map_large,    ///< sizes or traversals: too many calls beside them
    unknown_beginning,  ///< sizes or traversals, of a map whose contents at the beginning are not known
  } reason;
  std::optional<std::uint32_t> key;
  std::uint32_t row = 0;
};

struct CheckReport {
  std::uint64_t contradictory_keys = 0, undecided_keys = 0;
  std::vector<Contradiction> contradictions;  ///< the first ones, by their culprit's end
  std::vector<Undecided> undecided;           ///< the first ones
  std::uint64_t keys = 0;
  std::uint64_t unfinished = 0;
  std::uint64_t unclaimed = 0;  ///< sizes and traversals of which the claims say nothing

  Verdict verdict() const {
    if (!contradictions.empty()) return Verdict::illegal;
    return undecided.empty() ? Verdict::legal : Verdict::undecided;
  }
};

/// Cost: below 1 µs a call where calls on one key hardly overlap. The answer depends on the arguments alone.
CheckReport check(const Log& log, const CheckOptions& options);

}  // namespace mapquake::recorded
