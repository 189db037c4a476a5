// The enumerators of the document, as its JSON spells them.
#pragma once

#include "reports/document/document.hpp"

#include <string_view>

namespace mapquake::reports {

std::string_view word_for(StepKind kind);
/// Unknown words are StepKind::inside, the kind that promises nothing.
StepKind step_kind(std::string_view word);

std::string_view word_for(CellVerdict verdict);
/// Unknown words are CellVerdict::not_run: what is not understood is never taken for a pass.
CellVerdict cell_verdict(std::string_view word);

}  // namespace mapquake::reports
