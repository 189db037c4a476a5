// Is there an order of an object's calls, respecting real time, in which its model gives the same answers (Herlihy &
// Wing 1990)? The search is Wing & Gong's ("Testing and verifying concurrent objects", 1993, section 4), with Lowe's
// memory of configurations that have failed ("Testing for linearizability", 2017, section 4) where models can be
// compared. Where the model says so, several calls share an instant (object_instants.hpp).
#pragma once

#include <mapquake/object_calls.hpp>
#include <mapquake/object_instants.hpp>

#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

namespace mapquake::detail {

template <class Model>
consteval Consistency consistency_of() {
  if constexpr (requires { Consistency{Model::consistency}; }) {
    return Model::consistency;
  } else {
    return Consistency::linearizable;
  }
}

/// Labels of failures are its first line: what is the same for all.
constexpr const char* name_of_failure(Consistency consistency, bool gathers_instants) {
  switch (consistency) {
    case Consistency::linearizable:
      break;
    case Consistency::sequential:
      return gathers_instants ? "not set-sequentially consistent: no order of calls explains the answers\n"
                                "(calls of several threads may take effect at one instant)"
                              : "not sequentially consistent: no order of the calls explains the answers";
    case Consistency::at_rest:
      return gathers_instants ? "wrong at rest: no order of the calls that change something explains the answers\n"
                                "(calls that overlap may take effect at one instant)"
                              : "wrong at rest: no order of the calls that change something explains the answers";
  }
  return gathers_instants ? "not set-linearizable: no order of calls explains the answers\n"
                            "(calls that overlap may take effect at one instant)"
                          : "not linearizable: no order of the calls explains the answers";
}

/// Stands for a thread where all threads have ended.
inline constexpr unsigned object_at_rest = object_threads_max;

template <class Table>
class OrderSearch {
 public:
  using Model = typename Table::MapquakeModel;
  static constexpr Consistency consistency = consistency_of<Model>();
  static constexpr const char* failure = name_of_failure(consistency, GathersInstants<Model>);
  static_assert(!NamesSettled<Model> || GathersInstants<Model>,
                "mapquake: a model says by `bool settled() const` whether an instant may end");
  static_assert(!GathersInstants<Model> || !names_settled(Table::methods),
                "mapquake: settled() of a model says whether an instant may end, and is no operation");

  /// The calls of one thread, or at rest, in the order in which they were made; those of one thread may come in parts.
  MAPQUAKE_GLUE void add(const CallList& list, unsigned thread) {
    for (unsigned i = 0; i < list.count; ++i) {
      const ObjectCall& call = list.calls[i];
      const bool is_held = consistency != Consistency::at_rest || thread == object_at_rest || !described(call).reads;
      if (is_held) calls_.push_back({&call, thread});
      // What a call that threw may have done is the model's to say, and it says so of answers alone.
      if (!call.answer.known && described(call).admits != nullptr) is_open_ = true;
    }
  }

  /// Does the model, after the call, admit what was answered? True of a call that threw.
  static bool performs(Model& model, const ObjectCall& call) {
    if (described(call).admits != nullptr) return described(call).admits(model, call);
    ObjectAnswer answer;
    described(call).on_model(model, call, answer);
    return !call.answer.known || answer == call.answer;
  }
  /// The same of a call that no other one overlaps.
  static bool performs_alone(Model& model, const ObjectCall& call) {
    return performs(model, call) && Placed().with(1, model).settled();
  }

  /// True if there is none, from `initial` on. False, too, where the search was given up after `nodes_max` placements.
  bool contradicts(const Model& initial = Model()) {
    if (is_open_) return false;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      for (std::size_t j = 0; j < calls_.size(); ++j) {
        if (precedes(calls_[j], calls_[i])) calls_[i].preceding |= bit(j);
      }
    }
    return !explains(initial, {}) && nodes_ <= nodes_max;
  }

 private:
  static constexpr unsigned nodes_max = 3'000;    // milliseconds at most
  __extension__ using Calls = unsigned __int128;  ///< one bit for each
  using Placed = Reached<Model, Calls>;
  static constexpr std::size_t calls_max = 8 * sizeof(Calls);
  static_assert(object_calls_before_max + object_calls_at_a_time_max + object_calls_at_rest_max < calls_max);

  struct Held {
    const ObjectCall* call;
    unsigned thread;
    Calls preceding = 0;  ///< the calls that must come before it
  };

  static constexpr Calls bit(std::size_t call) { return Calls{1} << call; }
  static constexpr const auto& described(const ObjectCall& call) { return Table::methods[call.method]; }

  static bool precedes(const Held& a, const Held& b) {
    const bool in_time = consistency != Consistency::sequential || a.thread == b.thread || b.thread == object_at_rest;
    return in_time && a.call->returned < b.call->invoked;
  }

  bool is_next(std::size_t i, const Placed& reached) const {
    if ((reached.placed & bit(i)) != 0 || (calls_[i].preceding & ~reached.over()) != 0) return false;
    // What changes nothing finds no half an instant, and makes none whole.
    return !described(*calls_[i].call).reads || reached.settled();
  }
  /// The only call that may come next, and can but have returned; calls_.size() where that is not so.
  std::size_t only_next(const Placed& reached) const {
    std::size_t only = calls_.size();
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (!is_next(i, reached)) continue;
      if (only != calls_.size() || !calls_[i].call->answer.known) return calls_.size();
      only = i;
    }
    return only;
  }

  /// Can the calls that are not placed follow in some order, from this state of the model?
  bool explains(Model model, Placed reached) {
    // Nothing is to be tried again behind calls that overlap with no other one, so that they need no copies of the
    // model.
    for (std::size_t i = only_next(reached); i != calls_.size(); i = only_next(reached)) {
      if (!performs(model, *calls_[i].call)) return false;
      reached = reached.with(bit(i), model);
    }
    if (++nodes_ > nodes_max) return false;
    if (reached.placed == bit(calls_.size()) - 1) return reached.settled();
    if (has_failed(model, reached)) return false;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (!is_next(i, reached)) continue;
      const ObjectCall& call = *calls_[i].call;
      Model next = model;
      const bool right = performs(next, call);
      const Placed then = right ? reached.with(bit(i), next) : reached;
      if (right && explains(std::move(next), then)) return true;
      // It threw, and did nothing.
      if (!call.answer.known && reached.settled() && explains(model, reached.without_effect(bit(i)))) return true;
      // A call that changes nothing can always come first, if it can come at all.
      if (right && described(call).reads) break;
    }
    if constexpr (std::equality_comparable<Model>) {
      if (nodes_ <= nodes_max) remember(model, reached);
    }
    return false;
  }

  MAPQUAKE_GLUE bool has_failed(const Model& model, const Placed& reached) const {
    if constexpr (std::equality_comparable<Model>) {
      for (unsigned i = 0; i < failed_count_; ++i) {
        if (failed_placed_[i].placed == reached.placed && is_same(model, reached, i)) return true;
      }
    }
    return false;
  }
  bool is_same(const Model& model, const Placed& reached, unsigned i) const {
    return failed_placed_[i] == reached && failed_models_[i] == model;
  }
  void remember(const Model& model, const Placed& reached) {
    failed_models_.push_back(model);
    failed_placed_[failed_count_++] = reached;
  }

  std::vector<Held> calls_;
  bool is_open_ = false;
  // Configurations that have failed. The first two are apart so that looking one up is no event of the execution.
  Placed failed_placed_[nodes_max + 1];
  unsigned failed_count_ = 0;
  std::vector<Model> failed_models_;
  unsigned nodes_ = 0;
};

}  // namespace mapquake::detail
