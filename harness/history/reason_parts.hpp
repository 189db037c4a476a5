// What reasons consist of, besides numbers. Times and sizes have their unit in the name; keys and values are int64.
#pragma once

#include "harness/base/bounded.hpp"
#include "harness/history/doer.hpp"

namespace mapquake::reason {

/// What user code said, in its own words: an exception's what(), the text of a check. Cut where it is longer.
using Text = BoundedText<1'535>;
/// The same, where a reason has several.
using Part = BoundedText<511>;
/// Of a function, a signal, a hook, a claim, as code has it: "free", "SIGSEGV".
using Name = BoundedText<63>;

}  // namespace mapquake::reason
