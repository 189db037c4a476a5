#include "harness/oracle/linearizability.hpp"

#include "harness/base/assert.hpp"

#include <numeric>

namespace mapquake {

Verdict LinearizabilityChecker::check(std::span<const KeyOp> ops, std::span<const std::uint32_t> order) {
  key_model_.reset(ops, order);
  return key_search_.search(key_model_, bound(order.size()));
}

Verdict LinearizabilityChecker::check(std::span<const KeyOp> ops) {
  if (identity_.size() < ops.size()) {
    identity_.resize(ops.size());
    std::iota(identity_.begin(), identity_.end(), 0U);
  }
  return check(ops, std::span(identity_).first(ops.size()));
}

Verdict LinearizabilityChecker::check(std::span<const MapOp> ops, const History& history, const KeyHistories& keys) {
  map_model_.reset(ops, history, keys);
  return map_search_.search(map_model_, bound(ops.size()));
}

std::uint32_t LinearizabilityChecker::bound(std::size_t calls) {
  MQ_ASSERT(calls < (never - nodes_max) / 2);
  return nodes_max + 2 * static_cast<std::uint32_t>(calls);
}

}  // namespace mapquake
