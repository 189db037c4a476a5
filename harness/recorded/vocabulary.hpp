// The words for operations in logs: the harness's own names (history/operation_table.hpp) and those of common
// libraries. Case, '_', '-' and what stands before the last '.', '/' or ' ' do not matter: "LoadOrStore", "map.get".
#pragma once

#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mapquake::recorded {

/// What a result means is a matter of the word, too.
enum class ResultForm : std::uint8_t {
  as_usual,   ///< as the operation of that name answers (Answers)
  success,    ///< true says nothing but that it was done, so it is refused as ambiguous: put, set, store
  zero_one,   ///< 1 and 0 are true and false: Redis's DEL, SETNX, EXISTS
  old_value,  ///< the value that was there: swap, getset
};

struct Word {
  std::string_view word;  ///< in lower case letters and digits
  OpKind kind;
  ResultForm form = ResultForm::as_usual;
};

/// All of them, for documents and errors.
std::span<const Word> vocabulary();
/// Empty: unknown.
std::optional<Word> word_for(std::string_view name);
/// Does the operation say nothing of the contents, so that its lines are passed over?
bool says_nothing(OpKind kind);

}  // namespace mapquake::recorded
