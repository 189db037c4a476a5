// Claims that tests start from, and the question they all ask.
#pragma once

#include "harness/history/reason_words.hpp"
#include "harness/oracle/oracles.hpp"
#include "tests/unit/oracle/history_builder.hpp"

#include <string>

namespace mapquake::histories {

/// Everything concurrent, traversals weakly consistent, the rest as weak as it can be.
inline Claims weak_claims() {
  Claims claims;
  claims.concurrent_use = ConcurrentUse::all_operations;
  claims.iteration = Iteration::weakly_consistent;
  claims.size = SizeClaim::quiescent;
  claims.whole_map = WholeMap::per_key;
  claims.bounds = Bounds::weakly_consistent;
  claims.find_all = claims.transactions = SeveralKeys::per_key;
  claims.on_bad_alloc = ExceptionGuarantee::strong;
  return claims;
}

/// Every operation is atomic.
inline Claims strong_claims() {
  Claims claims = weak_claims();
  claims.iteration = Iteration::snapshot;
  claims.size = SizeClaim::linearizable;
  claims.whole_map = WholeMap::linearizable;
  claims.bounds = Bounds::linearizable;
  claims.find_all = claims.transactions = SeveralKeys::linearizable;
  return claims;
}

inline std::optional<Violation> check(const HistoryBuilder& h, const Claims& claims) {
  return HistoryOracles().check(Program{}, h.history(), claims);
}

/// The label, "outcome: label" where the outcome is not linearizability's, "" where all is well.
inline std::string verdict(const HistoryBuilder& h, const Claims& claims = weak_claims()) {
  const std::optional<Violation> violation = check(h, claims);
  if (!violation) return "";
  if (violation->outcome == Outcome::not_linearizable) return violation->label;
  return std::string(name_of(violation->outcome)) + ": " + violation->label;
}

inline std::string why(const HistoryBuilder& h, const Claims& claims = weak_claims()) {
  const std::optional<Violation> violation = check(h, claims);
  return violation ? in_words(violation->reasons, h.history()) : "";
}

}  // namespace mapquake::histories
