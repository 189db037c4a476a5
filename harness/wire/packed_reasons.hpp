// Reasons as bytes, one behind the other: how what a worker has to say about a finding reaches the parent. Every field
// of every reason crosses; a new one needs nothing here unless its type is new.
#pragma once

#include "harness/history/reason.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mapquake {

/// Puts it behind `bytes`.
void pack(const Reason& reason, std::vector<std::uint8_t>& bytes);

/// So much of a list crosses: what does not fit any more is left out, from the last one on. There is room for the
/// longest reason and some short ones; no finding has two with a text of user code.
inline constexpr std::size_t packed_reasons_bytes_max = 2 * 1024;

/// Takes the first reason off `bytes`, about a history of so many calls. Empty: there is none, or what stands there is
/// none that pack() wrote, or names a call that there is not; a map may have written over it.
std::optional<Reason> unpack_reason(std::span<const std::uint8_t>& bytes, std::uint32_t call_count);

}  // namespace mapquake
