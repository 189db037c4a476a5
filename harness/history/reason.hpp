// What there is to say about a finding: facts with typed arguments, as oracles, runtime, worker and parent give them.
// One struct for each kind of thing, and what it means above it: answer_reason.hpp has what a history shows,
// end_reason.hpp all else. Sentences are made of them last, in one place (history/reason_words.hpp); nothing decides by
// them, and but for those words and wire/packed_reasons.hpp nothing looks inside.
//
// All are trivially copyable: a signal handler fills them in. A new one is a struct, its place in a variant, and its
// words; that it has some, and crosses to another process, is tested for every one.
#pragma once

#include "harness/history/answer_reason.hpp"
#include "harness/history/end_reason.hpp"

#include <cstddef>
#include <type_traits>
#include <variant>

namespace mapquake {

/// One thing to say. What there is to say about a finding is a list of them, told in its order.
using Reason = std::variant<AnswerReason, EndReason>;
inline constexpr std::size_t reasons_max = 8;  ///< of a finding

static_assert(std::is_trivially_copyable_v<Reason>);

}  // namespace mapquake
