// Linearizability by trying every order: too slow for anything but small histories, too simple to be wrong. Shares
// nothing with the checker under test, not even the specification.
#pragma once

#include "harness/history/history.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace mapquake::histories {

/// Every operation is atomic; calls that did not return, or threw under the basic guarantee, may have had their effect;
/// overwriting ones may also have lost the key.
class BruteForce {
 public:
  explicit BruteForce(const History& history) : history_(history), placed_(history.calls.size()) {}

  bool linearizable() { return extend({}); }

 private:
  using State = std::map<std::int64_t, std::int64_t>;

  bool extend(const State& state) {
    bool all = true;
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      if (placed_[i]) continue;
      const Call& call = history_.calls[i];
      if (call.status != CallStatus::pending) all = false;
      if (!may_be_next(call)) continue;
      placed_[i] = true;
      for (const State& next : outcomes(call, state)) {
        if (extend(next)) return true;
      }
      placed_[i] = false;
    }
    return all;
  }

  bool may_be_next(const Call& call) const {
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      if (!placed_[i] && history_.calls[i].returned < call.invoked) return false;
    }
    return true;
  }

  std::vector<State> outcomes(const Call& call, const State& before) const {
    State after = before;
    const bool right = apply(call, after);
    if (call.status == CallStatus::returned) return right ? std::vector{after} : std::vector<State>{};
    if (is_transaction(call.operation.kind) && call.status != CallStatus::pending) return {before};
    std::vector<State> possible{before, after};
    const OpKind kind = call.operation.kind;
    const bool only_adds = kind == OpKind::insert || kind == OpKind::get_or_create;
    if (!only_adds && !is_transaction(kind) && (writes_value(kind) || adds_amount(kind))) {
      possible.push_back(before);
      possible.back().erase(call.operation.key);
    }
    return possible;
  }

  /// Answers whether the call's answer is right.
  bool apply(const Call& call, State& state) const {
    const auto [kind, key, value, extra] = call.operation;
    const auto found = state.find(key);
    const bool there = found != state.end();
    const std::int64_t old = there ? found->second : 0;
    switch (kind) {
      case OpKind::insert:
        state.emplace(key, value);
        return call.flag == !there;
      case OpKind::assign:
        state[key] = value;
        return call.flag == !there;
      case OpKind::contains:
        return call.flag == there;
      case OpKind::erase:
        state.erase(key);
        return call.flag == there;
      case OpKind::find:
        return call.has_value == there && (!there || call.value == old);
      case OpKind::update:
        if (there) state[key] = old + value;
        return call.has_value == there && (!there || call.value == old);
      case OpKind::get_or_create:
        state.emplace(key, value);
        return call.value == state[key];
      case OpKind::extract:
        state.erase(key);
        return call.has_value == there && (!there || call.value == old);
      case OpKind::replace:
        if (there) state[key] = value;
        return call.flag == there;
      case OpKind::compare_exchange: {
        const bool matches = there && old == extra;
        if (matches) state[key] = value;
        return call.flag == matches;
      }
      case OpKind::update_calling:
        if (there) state[key] = old + value;
        return call.has_value == there && (!there || call.value == old);
      case OpKind::upsert:
        state[key] = there ? old + value : value;
        return call.flag == !there;
      case OpKind::insert_range:
        state.emplace(key, value);
        state.emplace(extra, value);
        return true;
      case OpKind::merge: {
        Entries left;
        if (!state.emplace(key, value).second) left.emplace_back(key, value);
        if (extra != key && !state.emplace(extra, value).second) left.emplace_back(extra, value);
        std::ranges::sort(left);
        return visited(call, false) == left;
      }
      case OpKind::find_all:
        return found_in(call, state);
      case OpKind::transact:
      case OpKind::transact_erasing:
        if (call.status == CallStatus::returned && call.told != abi::Told::nothing && !call.flag) return true;
        state[extra] = value;
        if (kind == OpKind::transact_erasing) state.erase(extra);
        state[key] = value;
        return true;
      case OpKind::iterate_inserting:
      case OpKind::iterate_erasing:
      case OpKind::cursor_open:
      case OpKind::cursor_step:
      case OpKind::cursor_close:
        return false;  // not at one instant
      case OpKind::lower_bound:
        return is_entry(call, state, state.lower_bound(key));
      case OpKind::upper_bound:
        return is_entry(call, state, state.upper_bound(key));
      case OpKind::size:
        return call.count == state.size();
      case OpKind::reserve:
      case OpKind::shrink:
      case OpKind::sleep:
        return true;
      case OpKind::clear:
        state.clear();
        return true;
      case OpKind::run:
        return true;
      case OpKind::iterate:
      case OpKind::copy:
      case OpKind::move:
      case OpKind::swap:
        return visited(call, false) == entries(state, [](std::int64_t) { return true; });
      case OpKind::erase_if: {
        const auto of_parity = [parity = key & 1](std::int64_t k) { return (k & 1) == parity; };
        const Entries gone = entries(state, of_parity);
        const bool right = visited(call, true) == gone && includes(state, call);
        std::erase_if(state, [&](const auto& entry) { return of_parity(entry.first); });
        return right;
      }
    }
    return false;
  }

  bool found_in(const Call& call, const State& state) const {
    std::uint64_t there = 0;
    Entries all;
    const std::int64_t keys[] = {call.operation.key, call.operation.extra, call.operation.key};
    for (std::size_t i = 0; i < std::size(keys); ++i) {
      const auto found = state.find(keys[i]);
      if (found == state.end()) continue;
      there |= std::uint64_t{1} << i;
      all.emplace_back(*found);
    }
    std::ranges::sort(all);
    return call.count == there && visited(call, false) == all;
  }

  bool is_entry(const Call& call, const State& state, State::const_iterator at) const {
    const std::span<const Visit> answer = history_.visits_of(call);
    if (at == state.end()) return answer.empty();
    return answer.size() == 1 && answer[0].key == at->first && answer[0].value == at->second;
  }

  using Entries = std::vector<std::pair<std::int64_t, std::int64_t>>;

  template <class Test>
  static Entries entries(const State& state, Test test) {
    Entries result;
    for (const auto& entry : state) {
      if (test(entry.first)) result.emplace_back(entry);
    }
    return result;
  }

  Entries visited(const Call& call, bool only_erased) const {
    Entries result;
    for (const Visit& visit : history_.visits_of(call)) {
      if (visit.erased || !only_erased) result.emplace_back(visit.key, visit.value);
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  /// Is everything visited in the map, and nothing twice?
  bool includes(const State& state, const Call& call) const {
    const Entries all = visited(call, false);
    if (std::adjacent_find(all.begin(), all.end()) != all.end()) return false;
    return std::all_of(all.begin(), all.end(), [&](const auto& entry) {
      const auto found = state.find(entry.first);
      return found != state.end() && found->second == entry.second;
    });
  }

  const History& history_;
  std::vector<bool> placed_;
};

}  // namespace mapquake::histories
