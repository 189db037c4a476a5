#include "harness/history/map_phases.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/operation_table.hpp"

namespace mapquake {
namespace {

constexpr OpMask growing = ops(OpKind::insert, OpKind::assign, OpKind::get_or_create, OpKind::upsert, OpKind::reserve,
                               OpKind::insert_range, OpKind::iterate_inserting);
constexpr OpMask shrinking =
    ops(OpKind::erase, OpKind::clear, OpKind::erase_if, OpKind::extract, OpKind::shrink, OpKind::iterate_erasing);

constexpr std::array<std::string_view, map_phase_count> names{"growth", "shrinking"};

}  // namespace

std::string_view name_of(MapPhase phase) {
  return names[static_cast<std::size_t>(phase)];
}

std::optional<MapPhase> phase_with_table(OpKind kind) {
  if ((growing & op_bit(kind)) != 0) return MapPhase::growth;
  if ((shrinking & op_bit(kind)) != 0) return MapPhase::shrinking;
  return std::nullopt;
}

void PhaseRecord::add(const History& history, const TableBlocks& tables) {
  MQ_ASSERT(tables.known());
  ++executions;
  std::array<bool, map_phase_count> seen{};
  for (const Call& call : history.calls) {
    if (call.thread == main_thread) continue;
    called |= op_bit(call.operation.kind);
    if (!tables.hold(call.usage.largest_block)) continue;
    const auto phase = phase_with_table(call.operation.kind);
    if (!phase) continue;
    Met& met = phases[static_cast<std::size_t>(*phase)];
    seen[static_cast<std::size_t>(*phase)] = true;
    ++met.calls;
    met.faults += call.usage.faults != 0;
    for (const Call& other : history.calls) {
      if (other.thread == main_thread || other.thread == call.thread || !overlap(call, other)) continue;
      ++met.beside[static_cast<std::size_t>(other.operation.kind)];
    }
  }
  for (std::size_t i = 0; i < map_phase_count; ++i) phases[i].executions += seen[i];
}

void PhaseRecord::merge(const PhaseRecord& other) {
  executions += other.executions;
  called |= other.called;
  for (std::size_t i = 0; i < map_phase_count; ++i) {
    Met& into = phases[i];
    const Met& from = other.phases[i];
    into.executions += from.executions;
    into.calls += from.calls;
    into.faults += from.faults;
    for (std::size_t kind = 0; kind < op_kind_count; ++kind) into.beside[kind] += from.beside[kind];
  }
}

}  // namespace mapquake
