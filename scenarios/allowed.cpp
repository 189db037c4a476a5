#include "scenarios/allowed.hpp"

namespace mapquake {

OpMask concurrent_ops(const Claims& claims, OpMask operations) {
  switch (claims.concurrent_use) {
    case ConcurrentUse::none:
      return 0;
    case ConcurrentUse::readers:
      return operations & const_ops & ~claims.exclusive_operations;
    case ConcurrentUse::all_operations:
      break;
  }
  OpMask allowed = operations & ~claims.exclusive_operations & ~lonely_ops;
  if (claims.iteration == Iteration::exclusive || claims.iteration == Iteration::fail_fast) allowed &= ~traversals;
  if (claims.iteration == Iteration::none) allowed &= ~(ops(OpKind::iterate) | iterating_writes | cursor_ops);
  return allowed;
}

}  // namespace mapquake
