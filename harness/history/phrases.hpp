// The words that name calls, so that all contradictions and reports read alike.
#pragma once

#include "harness/history/doer.hpp"
#include "harness/history/history.hpp"
#include "harness/history/outcome.hpp"

#include <cstdint>
#include <string>

namespace mapquake {

/// "B's insert(5, 50)", "the prefill insert(5, 50)", "the final find(5)".
std::string subject(const History& history, std::uint32_t call);
/// Of a thread's operation, as a trace numbers it: subject(), "the construction", "the destruction"; empty where it is
/// none of these (a thread that map code started).
std::string name_of_call(const History& history, ThreadId thread, OpIndex op);
/// The same; else "the main thread", or "thread C", which map code started.
std::string name_of(const History& history, const Doer& doer);
/// What it answered: "returned true", "says absent", "says 40", "reports {1, 2}", "threw bad_alloc".
std::string predicate(const History& history, std::uint32_t call);
/// Both.
std::string statement(const History& history, std::uint32_t call);
/// "not linearizable (lost key)", or the outcome alone. Of a check of the map's or program's own, whose label has no
/// numbers, the check as it stands in the sentences `why`: "invariant broken (account.cpp:35: not true: sum == 120)".
std::string headline_of(Outcome outcome, const std::string& label, const std::string& why);
/// With a capital at the beginning.
std::string capitalised(std::string sentence);

}  // namespace mapquake
