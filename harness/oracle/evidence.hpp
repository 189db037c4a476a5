// What shows a contradiction on one key.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/specification.hpp"
#include "harness/history/symptom.hpp"
#include "harness/oracle/violation.hpp"

#include <cstdint>
#include <span>

namespace mapquake {

/// Completes `violation`, which shows `symptom`, with `reasons` and `calls`. `ops`, by invocation, are the calls on
/// `key` up to the return of ops[culprit], which contradicts them. Looks for one earlier call that, together with the
/// absence of others, contradicts the culprit; if there is none, lists the calls.
void explain(const History& history, std::int64_t key, std::span<const KeyOp> ops, std::size_t culprit, Symptom symptom,
             Violation& violation);

}  // namespace mapquake
