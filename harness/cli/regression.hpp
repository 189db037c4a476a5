// A stored failure as a plain C++ program that needs neither mapquake nor a harness: what can be forced from outside of
// the map, as values, and the words for what cannot.
#pragma once

#include "harness/cli/opened_case.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mapquake::cli {

/// What tells that the failure has happened.
enum class Telling : std::uint8_t {
  answers,  ///< all calls answer as they did
  ending,   ///< the process dies, a call does not return, or the map or validate() says so itself
};

/// The `nth` time, from 1, that something is asked during a call.
struct ForcedAnswer {
  std::uint32_t call = 0;                    ///< index into Regression::calls
  ChoiceKind kind = ChoiceKind::alloc_fail;  ///< alloc_fail, user_throw or adapter
  std::uint32_t nth = 0;
  std::uint32_t take = 0;
};

/// Requires of `history.calls`: each has returned before the next one begins; but the last one, which may not return.
struct Regression {
  History history;
  std::uint32_t first_call = 0;      ///< those before it stand for the construction from a range
  std::uint32_t quiesce_before = 0;  ///< the hook quiesce is called before this call
  std::vector<ForcedAnswer> forced;
  Telling telling = Telling::answers;
};

/// The failure of the case as it happens in this build. Errors (bad_input), each with the place: it does not fail as
/// the file says; a switch lies inside of a call, in the map's own code; a fault that only a harness can cause (a stale
/// read, a time-out); an outcome that no answer and no end shows (a data race); a program, which is plain C++ as it is.
Result<Regression> regression_of(OpenedCase& opened);

/// The program: it includes the adapter's source, and compiles with the plugin's flags and -I `headers`, where
/// <mapquake/adapter.hpp> is. It ends with 0, or says what was expected and ends with 1, or dies as the map does.
std::string regression_source(const OpenedCase& opened, const Regression& regression,
                              const std::filesystem::path& headers, const std::filesystem::path& out);

}  // namespace mapquake::cli
