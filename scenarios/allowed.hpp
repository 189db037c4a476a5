// Which operations a map claims may run together: what a default campaign may ask of it and no more.
#pragma once

#include "harness/history/program.hpp"

#include <mapquake/claims.hpp>

namespace mapquake {

template <class... Kinds>
constexpr OpMask ops(Kinds... kinds) {
  return (OpMask{0} | ... | op_bit(kinds));
}

inline constexpr OpMask point_reads = ops(OpKind::find, OpKind::contains);
inline constexpr OpMask point_writes = adding_ops | ops(OpKind::erase, OpKind::update);
inline constexpr OpMask traversals = ops(OpKind::iterate, OpKind::erase_if, OpKind::copy);
inline constexpr OpMask whole_map_writes = ops(OpKind::clear, OpKind::reserve, OpKind::erase_if);
/// Const operations, in the standard's sense (get_or_create and update may write).
inline constexpr OpMask const_ops = point_reads | ops(OpKind::size, OpKind::iterate, OpKind::copy);

/// Operations out of `operations` that may run together with every other one in the answer.
/// ConcurrentUse::none: nothing. readers: the const ones. all_operations: all except the exclusive ones and, where a
/// traversal is only right while nothing else runs (exclusive, fail_fast), the traversals.
OpMask concurrent_ops(const Claims& claims, OpMask operations);

}  // namespace mapquake
