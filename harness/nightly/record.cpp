#include "harness/nightly/record.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/nightly/record_text.hpp"

#include <algorithm>
#include <utility>

namespace mapquake::nightly {

std::string_view name_of(RunEnd end) {
  switch (end) {
    case RunEnd::open:
      return "open";
    case RunEnd::time:
      return "time";
    case RunEnd::executions:
      return "executions";
    case RunEnd::quiet:
      return "quiet";
    case RunEnd::signal:
      return "signal";
  }
  return "";
}

std::string_view name_of(KnownState state) {
  switch (state) {
    case KnownState::still_fails:
      return "still failing";
    case KnownState::changed:
      return "changed";
    case KnownState::fixed:
      return "fixed";
    case KnownState::not_reproducible:
      return "not reproducible";
    case KnownState::not_replayed:
      return "not replayed";
  }
  return "";
}

std::uint64_t CellCount::executions() const {
  std::uint64_t sum = 0;
  for (const auto& [hazard, executions] : hazards) sum += executions;
  return sum;
}

std::uint64_t RunRecord::executions() const {
  std::uint64_t sum = 0;
  for (const auto& [key, cell] : cells) sum += cell.executions();
  return sum;
}

const RunRecord& later(const RunRecord& a, const RunRecord& b) {
  MQ_ASSERT(a.id == b.id);
  if (a.saves != b.saves) return a.saves > b.saves ? a : b;
  if (a == b) return a;
  // One writer never gives two contents one number; whoever does is not believed, but the answer must not depend on
  // the order.
  return to_json(a) > to_json(b) ? a : b;
}

std::vector<const RunRecord*> oldest_first(const std::map<std::string, RunRecord>& runs) {
  std::vector<const RunRecord*> ordered;
  for (const auto& [id, run] : runs) ordered.push_back(&run);
  std::ranges::stable_sort(ordered, {}, [](const RunRecord* run) { return std::pair(run->started_s, run->number); });
  return ordered;
}

std::uint64_t seed_of_run(std::uint64_t campaign_seed, std::uint64_t number, unsigned shards) {
  return mix64(mix64(campaign_seed) ^ mix64(mix64(number) + shards));
}

}  // namespace mapquake::nightly
