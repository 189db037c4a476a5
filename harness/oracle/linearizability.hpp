// Is there an order of the calls that respects real time and explains every answer (Herlihy & Wing 1990)?
#pragma once

#include "harness/oracle/key_histories.hpp"
#include "harness/oracle/whole_map.hpp"
#include "harness/oracle/wing_gong.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake {

/// The calls on one key, as a Model for WingGong.
class KeyModel {
 public:
  using Saved = KeyState;

  /// `order` picks the operations out of `ops`, by invocation. Both must outlive the search.
  void reset(std::span<const KeyOp> ops, std::span<const std::uint32_t> order) {
    ops_ = ops;
    order_ = order;
    state_ = {};
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(order_.size()); }
  const KeyOp& op(std::uint32_t i) const { return ops_[order_[i]]; }
  ModelEffect attempt(std::uint32_t i, std::uint8_t alternative) {
    return perform_alternative(op(i), alternative, state_);
  }
  bool readable(std::uint32_t i) const {
    KeyState state = state_;
    return is_read(op(i)) && perform(op(i), state) == ModelEffect::silent;
  }
  Saved save() const { return state_; }
  void restore(const Saved& saved) { state_ = saved; }
  Fingerprint fingerprint() const {
    const std::uint64_t a =
        mix64(static_cast<std::uint64_t>(state_.value) ^ (state_.present ? 0x9e3779b9ULL << 32 : 0));
    return {a, mix64(~a)};
  }

 private:
  std::span<const KeyOp> ops_;
  std::span<const std::uint32_t> order_;
  KeyState state_;
};

/// Owns the scratch memory; one per thread of use. A key starts absent.
/// Cost: about 20 ns a call where calls on one key hardly overlap; exponential in the number of calls that overlap,
/// up to `nodes_max` placements (about 50 ns each), then `undecided`.
class LinearizabilityChecker {
 public:
  static constexpr std::uint32_t nodes_max = 50'000;

  /// The calls on one key.
  Verdict check(std::span<const KeyOp> ops, std::span<const std::uint32_t> order);
  /// The calls on one key, ordered by invocation.
  Verdict check(std::span<const KeyOp> ops);
  /// The calls on the map, ordered by invocation.
  Verdict check(std::span<const MapOp> ops, const History& history, const KeyHistories& keys);

 private:
  /// A long sequential history needs a placement per call, however harmless it is.
  static std::uint32_t bound(std::size_t calls);

  KeyModel key_model_;
  MapModel map_model_;
  WingGong<KeyModel> key_search_;
  WingGong<MapModel> map_search_;
  std::vector<std::uint32_t> identity_;
};

}  // namespace mapquake
