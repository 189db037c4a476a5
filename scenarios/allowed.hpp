// Which operations a map claims may run together: what a default campaign may ask of it and no more.
#pragma once

#include "harness/history/program.hpp"

#include <mapquake/claims.hpp>

namespace mapquake {

inline constexpr OpMask point_reads = ops(OpKind::find, OpKind::contains);
inline constexpr OpMask point_writes =
    operations_where([](const OperationTraits& t) { return t.writes && names_key(t.kind) && !calls_within(t.kind); });
inline constexpr OpMask erasing_ops = ops(OpKind::erase, OpKind::extract);
/// Look-ups of several keys are drawn where those of one are.
inline constexpr OpMask key_reads = point_reads | ops(OpKind::find_all);
inline constexpr OpMask bound_reads = ops(OpKind::lower_bound, OpKind::upper_bound);
inline constexpr OpMask iterating_writes = ops(OpKind::iterate_inserting, OpKind::iterate_erasing);
inline constexpr OpMask cursor_ops = ops(OpKind::cursor_open, OpKind::cursor_step, OpKind::cursor_close);
/// Drawn where there is a cursor (draw_cursor_steps), and not by themselves.
inline constexpr OpMask follow_ups = ops(OpKind::cursor_step, OpKind::cursor_close);
inline constexpr OpMask traversals =
    ops(OpKind::iterate, OpKind::erase_if, OpKind::copy) | iterating_writes | cursor_ops;
inline constexpr OpMask whole_map_writes =
    ops(OpKind::clear, OpKind::reserve, OpKind::erase_if, OpKind::shrink) | iterating_writes;
/// Nothing runs together with these, whatever a map claims.
inline constexpr OpMask lonely_ops = ops(OpKind::move, OpKind::swap);
/// Const operations, in the standard's sense (get_or_create and update may write).
inline constexpr OpMask const_ops =
    operations_where([](const OperationTraits& t) { return !t.writes && t.kind != OpKind::run; });

/// Operations out of `operations` that may run together with every other one in the answer.
/// ConcurrentUse::none: nothing. readers: the const ones. all_operations: all except the exclusive ones and, where a
/// traversal is only right while nothing else runs (exclusive, fail_fast), the traversals.
OpMask concurrent_ops(const Claims& claims, OpMask operations);

}  // namespace mapquake
