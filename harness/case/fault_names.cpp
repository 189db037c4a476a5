#include "harness/case/fault_names.hpp"

#include "harness/case/plan.hpp"
#include "harness/choice/choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mapquake::fault {

namespace {

constexpr std::array<FaultName, 13> names{{
    {"alloc", fault_bit(ChoiceKind::alloc_fail),
     "an allocation of an operation fails, alone or with all that follow it"},
    {"user", fault_bit(ChoiceKind::user_throw),
     "a copy, move, hash, comparison, construction or callback of the user throws"},
    {"declared", fault_bit(ChoiceKind::declared),
     "a point that the map declares with libfiu's fiu_fail(\"name\") fires; declared:NAME for that one alone"},
    {"delay", fault_bit(ChoiceKind::delay), "a thread stands still for 2^k ns of virtual time, wherever it is"},
    {"pause", fault_bit(ChoiceKind::pause), "all threads stand still for 2^k ns of virtual time"},
    {"spurious",
     fault_bit(ChoiceKind::spurious_wake) | fault_bit(ChoiceKind::spurious_cas) | fault_bit(ChoiceKind::try_fail),
     "waits return, weak compare-exchanges and try_locks fail for no reason"},
    {"timeout", fault_bit(ChoiceKind::timeout), "a timed wait runs out although others could have ended it"},
    {"clock", fault_bit(ChoiceKind::clock_jump), "the clock jumps ahead where it is read"},
    {"reuse", fault_bit(ChoiceKind::reuse), "an allocation gets the block of its size that was freed last (ABA)"},
    {"environment", environment_kinds,
     "other addresses, numbers of processors, random seeds and thread ids; ended threads' identities come again; "
     "reader-writer locks that let waiting writers go first"},
    {"stall", fault_bit(ChoiceKind::crash), "a thread stops until nobody else can run (maps that claim not to block)"},
    {"crash", fault_bit(ChoiceKind::crash),
     "a thread ends for good with its operation half done (maps that claim not to block); not part of all"},
    {"spike", 0, "programs get bursts of threads and operations on hot keys that move, and growth where it happens"},
}};

}  // namespace

std::span<const FaultName> fault_names() {
  return names;
}

std::uint32_t all_faults() {
  std::uint32_t mask = 0;
  for (const FaultName& name : names) mask |= name.mask;
  return mask;
}

Result<FaultSelection> parse_faults(std::string_view text) {
  constexpr std::string_view one_point = "declared:";
  FaultSelection found;
  bool any_point = false;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (word == "none") continue;
    if (word == "all") {
      found.mask |= all_faults();
      found.spike = any_point = true;
      continue;
    }
    if (word.starts_with(one_point) && word.size() > one_point.size()) {
      found.mask |= fault_bit(ChoiceKind::declared);
      found.declared_only += std::string(word.substr(one_point.size())) + '\n';
      continue;
    }
    const auto named = std::ranges::find(names, word, &FaultName::name);
    if (named == names.end()) {
      return Error{ExitCode::usage, fmt::format("\"{}\" is no kind of fault", word),
                   "`mapquake list --faults` shows them."};
    }
    found.mask |= named->mask;
    found.spike |= word == "spike";
    found.threads_end |= word == "crash";
    any_point |= word == "declared";
  }
  if (any_point) found.declared_only.clear();
  if (found.declared_only.size() > declared_only_bytes_max) {
    return Error{ExitCode::usage,
                 fmt::format("the names of the declared points have {} bytes, more than {}", found.declared_only.size(),
                             declared_only_bytes_max),
                 "Name fewer, or take `declared` for all that there are."};
  }
  return found;
}

}  // namespace mapquake::fault
