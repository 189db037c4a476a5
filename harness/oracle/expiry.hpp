// Do entries live for as long as the map says (Claims::ttl_ms), and no longer?
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <optional>

namespace mapquake {

/// Did the calls span the time that an entry lives? True where the history has no times. Requires: claims.retention
/// expires.
bool may_have_expired(const History& history, const Claims& claims);

/// The first look-up (find, contains) that
///   answers an entry behind its time: nothing that may have renewed it ended within ttl_ms before the look-up began;
///   or misses one before its time: a call that surely renewed it had returned, less than ttl_ms of it have passed
///   since that began, and nothing that could remove the key was going on since. Not asked of maps with a capacity,
///   which may evict, and where a call threw.
/// A millisecond is left to clocks that count no finer. Requires: claims.retention expires and look-ups are
/// linearizable. Nothing where the history has no times. Cost: the calls on a key, squared.
std::optional<Violation> check_expiry(const History& history, const Claims& claims, const KeyHistories& keys);

}  // namespace mapquake
