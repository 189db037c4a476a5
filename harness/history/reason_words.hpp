// The sentences about a finding, made of its reasons. For people alone: nothing may be recognised by them, and neither
// what finds nor what decides includes this file (tests/quality/facts_test.cpp).
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/reason.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace mapquake {

/// Longer ones are cut off.
inline constexpr std::size_t sentences_bytes_max = 1'535;

/// "B's insert(5, 50) returned true and nothing erased 5, so it must be there; the final find(5) says absent." Empty
/// where there are none. Requires: every call that they name is in `history`, which is that of the finding.
std::string in_words(std::span<const Reason> reasons, const History& history);

/// Of one, as a part of these.
std::string in_words(const AnswerReason& reason, const History& history);
std::string in_words(const EndReason& reason, const History& history);

}  // namespace mapquake
