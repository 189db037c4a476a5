// Is there an order of an object's calls, respecting real time, in which its model gives the same answers (Herlihy &
// Wing 1990)? The search is Wing & Gong's ("Testing and verifying concurrent objects", 1993, section 4), with Lowe's
// memory of configurations that have failed ("Testing for linearizability", 2017, section 4) where models can be
// compared.
#pragma once

#include <mapquake/object_calls.hpp>

#include <concepts>
#include <cstdint>
#include <vector>

namespace mapquake::detail {

template <class Table>
class OrderSearch {
 public:
  using Model = typename Table::MapquakeModel;

  MAPQUAKE_GLUE void add(CallList& list) {
    for (unsigned i = 0; i < list.count; ++i) calls_.push_back(&list.calls[i]);
  }

  /// True if there is none. False, too, where the search was given up after `nodes_max` placements.
  bool contradicts() { return !explains(Model(), 0) && nodes_ <= nodes_max; }

 private:
  static constexpr unsigned nodes_max = 3'000;  // milliseconds at most
  using Placed = std::uint64_t;                 ///< one bit for each call
  static_assert(object_calls_before_max + object_threads_max * object_calls_max + object_calls_at_rest_max <= 64);

  /// Can the calls that are not in `placed` follow in some order, from this state of the model?
  bool explains(const Model& model, Placed placed) {
    if (++nodes_ > nodes_max) return false;
    std::uint32_t earliest_return = UINT32_MAX;
    bool all_placed = true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if ((placed >> i & 1) != 0) continue;
      all_placed = false;
      if (calls_[i]->returned < earliest_return) earliest_return = calls_[i]->returned;
    }
    if (all_placed) return true;
    if (has_failed(model, placed)) return false;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const ObjectCall& call = *calls_[i];
      if ((placed >> i & 1) != 0 || call.invoked > earliest_return) continue;
      const Placed then = placed | Placed{1} << i;
      Model next = model;
      ObjectAnswer answer;
      Table::methods[call.method].on_model(next, call, answer);
      const bool right = !call.answer.known || answer == call.answer;
      if (right && explains(next, then)) return true;
      if (!call.answer.known && explains(model, then)) return true;  // it threw, and did nothing
      // A call that changes nothing can always come first, if it can come at all.
      if (right && Table::methods[call.method].reads) break;
    }
    if constexpr (std::equality_comparable<Model>) {
      if (nodes_ <= nodes_max) remember(model, placed);
    }
    return false;
  }

  MAPQUAKE_GLUE bool has_failed(const Model& model, Placed placed) const {
    if constexpr (std::equality_comparable<Model>) {
      for (unsigned i = 0; i < failed_count_; ++i) {
        if (failed_placed_[i] == placed && is_same(model, i)) return true;
      }
    }
    return false;
  }
  bool is_same(const Model& model, unsigned i) const { return failed_models_[i] == model; }
  void remember(const Model& model, Placed placed) {
    failed_models_.push_back(model);
    failed_placed_[failed_count_++] = placed;
  }

  std::vector<const ObjectCall*> calls_;
  // Configurations that have failed. The first two are apart so that looking one up is no event of the execution.
  Placed failed_placed_[nodes_max + 1];
  unsigned failed_count_ = 0;
  std::vector<Model> failed_models_;
  unsigned nodes_ = 0;
};

}  // namespace mapquake::detail
