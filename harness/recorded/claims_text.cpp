#include "harness/recorded/claims_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mapquake::recorded {
namespace {

struct Claim {
  std::string_view word;
  std::string_view meaning;
  void (*state)(Claims&);
};

constexpr std::array known = std::to_array<Claim>({
    {"look-ups=linearizable", "each call takes effect at one instant between start and end (default)",
     [](Claims& c) { c.linearizable = true; }},
    {"look-ups=lag", "a look-up may miss recent writes; writes take effect in one order",
     [](Claims& c) { c.linearizable = false, c.may_miss = Missed::any_writes; }},
    {"look-ups=lag-others", "the same, but a thread sees its own writes",
     [](Claims& c) { c.linearizable = false, c.may_miss = Missed::others_writes; }},
    {"entries=kept", "what was inserted stays until it is erased (default)",
     [](Claims& c) { c.retention = Retention::keeps; }},
    {"entries=evicted", "an entry may go away at any time, as in a cache",
     [](Claims& c) { c.retention = Retention::evicts; }},
    {"failures=strong", "a call without an end happened or did not (default)",
     [](Claims& c) { c.on_bad_alloc = ExceptionGuarantee::strong; }},
    {"failures=basic", "an overwriting call without an end may also have lost the key",
     [](Claims& c) { c.on_bad_alloc = ExceptionGuarantee::basic; }},
    {"size=none", "sizes are estimates (default)", [](Claims& c) { c.size = SizeClaim::none; }},
    {"size=quiescent", "sizes are exact where no write overlaps them",
     [](Claims& c) { c.size = SizeClaim::quiescent; }},
    {"size=linearizable", "sizes are exact at one instant of the call",
     [](Claims& c) { c.size = SizeClaim::linearizable; }},
    {"iteration=none", "traversals promise nothing (default)", [](Claims& c) { c.iteration = Iteration::none; }},
    {"iteration=exclusive", "traversals are right where no write overlaps them",
     [](Claims& c) { c.iteration = Iteration::exclusive; }},
    {"iteration=weakly-consistent", "no key twice; what was there throughout is met, what never was is not",
     [](Claims& c) { c.iteration = Iteration::weakly_consistent; }},
    {"iteration=snapshot", "traversals show the map as it was at one instant",
     [](Claims& c) { c.iteration = Iteration::snapshot; }},
    {"whole-map=per-key", "clear() takes each key at an instant of its own (default)",
     [](Claims& c) { c.whole_map = WholeMap::per_key; }},
    {"whole-map=linearizable", "clear() and copies take all keys at one instant",
     [](Claims& c) { c.whole_map = WholeMap::linearizable; }},
});

/// The words for the same thing: all "size=…".
std::string alternatives(std::string_view word) {
  const std::string_view subject = word.substr(0, word.find('=') + 1);
  std::string all;
  std::string same;
  for (const Claim& claim : known) {
    const std::string quoted = fmt::format("{}{}", all.empty() ? "" : ", ", claim.word);
    all += quoted;
    if (!subject.empty() && claim.word.starts_with(subject))
      same += fmt::format("{}{}", same.empty() ? "" : ", ", claim.word);
  }
  return same.empty() ? all : same;
}

}  // namespace

Claims default_claims() {
  return {.concurrent_use = ConcurrentUse::all_operations,
          .iteration = Iteration::none,
          .size = SizeClaim::none,
          .whole_map = WholeMap::per_key,
          .on_bad_alloc = ExceptionGuarantee::strong};
}

Result<Claims> parse_claims(std::string_view text) {
  Claims claims = default_claims();
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(" ,"));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const auto found = std::ranges::find(known, word, &Claim::word);
    if (found == known.end()) {
      return Error{ExitCode::usage, fmt::format("check: unknown claim \"{}\"", word),
                   fmt::format("There are: {}.", alternatives(word))};
    }
    found->state(claims);
  }
  return claims;
}

std::string claims_help() {
  std::string text;
  for (const Claim& claim : known) text += fmt::format("  {:<29}{}\n", claim.word, claim.meaning);
  return text;
}

}  // namespace mapquake::recorded
