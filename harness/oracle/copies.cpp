#include "harness/oracle/copies.hpp"

#include "harness/history/symptom.hpp"

namespace mapquake {

namespace {

bool makes_map(OpKind kind) {
  return kind == OpKind::copy || kind == OpKind::move;
}

}  // namespace

std::optional<Violation> check_copies(const History& history, const Claims& claims) {
  if (!claims.linearizable || claims.retention != Retention::keeps) return std::nullopt;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    if (!reads_other_map(call.operation.kind) || call.status != CallStatus::returned) continue;
    const std::uint32_t entries = call.visits_end - call.visits_begin;
    if (claims.size != SizeClaim::none && call.has_value && call.count != entries) {
      return Violation{Outcome::invariant_broken,
                       label_of(makes_map(call.operation.kind) ? Symptom::copy_size_against_entries
                                                               : Symptom::left_size_against_entries),
                       {reason::CopySizeAgainstEntries{CallRef{i}}},
                       {i}};
    }
    if (call.flag) {
      return Violation{Outcome::invariant_broken,
                       label_of(Symptom::copy_look_up_against_entries),
                       {reason::CopyLookUpAgainstEntries{CallRef{i}}},
                       {i}};
    }
  }
  return std::nullopt;
}

}  // namespace mapquake
