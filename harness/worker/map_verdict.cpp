// MapRunner's verdict on a history.
#include "harness/oracle/conformance.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

std::optional<Violation> MapRunner::judge(const Program& program) {
  const Claims claims = claims_for(program);
  std::optional<Violation> found = oracles_.check(program, history_, claims);
  const bool injected = runtime::totals().faults != 0;
  if (found && program.threads.size() == 1 && !injected) {
    const bool own_threads = runtime::totals().threads > program.threads.size() + 1;
    found->reasons.emplace_back(claim_in_doubt(*found, program, history_, claims, own_threads, oracles_));
  }
  return found;
}

Claims MapRunner::claims_for(const Program& program) const {
  Claims claims = map_.claims;
  if (map_.takes_capacity && program.capacity != 0) claims.capacity = static_cast<std::uint32_t>(program.capacity);
  return claims;
}

std::optional<Violation> MapRunner::unexplained_exception() const {
  if (!exceptions_seen_ || runtime::totals().exceptions != 0) return std::nullopt;
  for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
    if (!is_injected(history_.calls[i].status)) continue;
    return Violation{Outcome::unexpected_exception,
                     label_of(Symptom::bad_alloc_without_failure),
                     {reason::BadAllocUnexplained{}},
                     {i}};
  }
  return std::nullopt;
}

}  // namespace mapquake
