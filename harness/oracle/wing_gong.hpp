// The search for an order of calls that explains their answers: Wing & Gong 1993, "Testing and verifying concurrent
// objects", section 4, with the memoisation of Lowe 2017, section 4.
//
// Three things are added. A call that only read, and is possible now, is placed at once and for good: moving it forward
// to here keeps any valid order valid, so no alternative is lost. A configuration is remembered only when it has
// failed, so that a search which never backtracks pays nothing for the memo. And of the calls that may come next, the
// one that returned first is tried first: what waits for a lock takes effect late in its interval, and then the order
// of returns is the answer.
#pragma once

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/oracle/memo.hpp"
#include "harness/oracle/specification.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <vector>

namespace mapquake {

enum class Verdict : std::uint8_t {
  legal,
  illegal,
  undecided,  ///< the bound on the search was reached
};

/// Model: a sequential object and the calls on it, ordered by invocation.
///   std::uint32_t size() const;                         number of calls
///   const KeyOp& op(i) const;                           interval and alternatives of call i
///   ModelEffect attempt(i, alternative);                     performs it on the state; `impossible` leaves the state
///   alone bool readable(i) const;                             only read, and its answer is right in this state Saved
///   save() const; void restore(const Saved&);     strictly nested Fingerprint fingerprint() const; of the state
/// The search leaves the model in any state. Keeps its memory from search to search.
/// Cost: linear where calls do not overlap; at most `nodes_max` placements.
template <class Model>
class WingGong {
 public:
  Verdict search(Model& model, std::uint32_t nodes_max) {
    std::uint32_t first = 0;
    for (; stands_alone(model, first); ++first) {
      if (model.attempt(first, 0) == ModelEffect::impossible) return Verdict::illegal;
    }
    start(model, first);
    std::uint32_t nodes = 0;
    while (required_left_ > 0) {
      if (++nodes > nodes_max) return Verdict::undecided;
      if (!advance(model) && !backtrack(model)) return Verdict::illegal;
    }
    return Verdict::legal;
  }

 private:
  struct Frame {
    std::uint32_t op;
    std::uint8_t alternative;
    bool forced;
    typename Model::Saved before;
  };

  /// Given that all calls before it have returned: is the call certain, and over before the next begins? Then it has
  /// but one place.
  static bool stands_alone(const Model& model, std::uint32_t i) {
    if (i == model.size() || !model.op(i).certain()) return false;
    return i + 1 == model.size() || model.op(i).returned < model.op(i + 1).invoked;
  }

  /// Lists the calls from `first` on as unplaced.
  void start(const Model& model, std::uint32_t first) {
    const std::uint32_t n = model.size();
    end_ = n;
    required_left_ = 0;
    placed_ = {};
    frames_.clear();
    memo_.clear();
    if (next_.size() <= n) {
      next_.resize(n + 1);
      previous_.resize(n + 1);
    }
    for (std::uint32_t i = first; i < n; ++i) {
      next_[i] = i + 1;
      previous_[i] = i - 1;
      required_left_ += model.op(i).pending() ? 0 : 1;
    }
    next_[n] = first;  // the sentinel: head and end of the ring
    previous_[n] = n - 1;
    previous_[first] = n;
    for (std::uint64_t i = codes_.size(); i < n; ++i) codes_.push_back({mix64(2 * i), mix64(2 * i + 1)});
  }

  // A call may come next if no unplaced call returned before it was invoked. In invocation order, those form a window
  // that ends at the first call invoked after the earliest return seen.

  bool advance(Model& model) {
    std::uint32_t earliest_return = never;
    for (std::uint32_t i = next_[end_]; i != end_; i = next_[i]) {
      const KeyOp& op = model.op(i);
      if (op.invoked > earliest_return) break;
      earliest_return = std::min(earliest_return, op.returned);
      if (model.readable(i)) {
        place(model, Frame{i, 0, true, model.save()});
        return true;
      }
    }
    return choose(model, end_, 0);
  }

  /// A call that may come next. Ordered by the time of its return, the earliest on top of a heap.
  struct Candidate {
    std::uint32_t returned;
    std::uint32_t op;
    friend auto operator<=>(const Candidate&, const Candidate&) = default;
  };

  /// Fills `candidates_` with those at or after `first` in order of return; `end_` means all.
  void list_candidates(const Model& model, std::uint32_t first) {
    candidates_.clear();
    const Candidate from = first == end_ ? Candidate{0, 0} : Candidate{model.op(first).returned, first};
    std::uint32_t earliest_return = never;
    for (std::uint32_t i = next_[end_]; i != end_; i = next_[i]) {
      const KeyOp& op = model.op(i);
      if (op.invoked > earliest_return) break;
      earliest_return = std::min(earliest_return, op.returned);
      if (const Candidate candidate{op.returned, i}; candidate >= from) candidates_.push_back(candidate);
    }
    std::ranges::make_heap(candidates_, std::greater<>{});
  }

  /// Places the first possible call at or after (op, alternative), in order of return; `end_` means any.
  bool choose(Model& model, std::uint32_t first, std::uint8_t first_alternative) {
    list_candidates(model, first);
    while (!candidates_.empty()) {
      const std::uint32_t i = candidates_.front().op;
      for (std::uint8_t alternative = i == first ? first_alternative : 0; alternative < model.op(i).alternatives;
           ++alternative) {
        Frame frame{i, alternative, false, model.save()};
        const ModelEffect effect = model.attempt(i, alternative);
        if (effect == ModelEffect::impossible) continue;
        // A pending call that changes nothing need not be placed at all.
        const bool useless = effect == ModelEffect::silent && model.op(i).pending();
        if (useless || (!memo_.empty() && memo_.contains(placed_ ^ codes_[i] ^ model.fingerprint()))) {
          model.restore(frame.before);
          continue;
        }
        place(model, frame);
        return true;
      }
      std::ranges::pop_heap(candidates_, std::greater<>{});
      candidates_.pop_back();
    }
    return false;
  }

  bool backtrack(Model& model) {
    while (!frames_.empty()) {
      const Frame frame = frames_.back();
      frames_.pop_back();
      if (!frame.forced) memo_.insert(placed_ ^ model.fingerprint());
      model.restore(frame.before);
      unplace(model, frame.op);
      if (!frame.forced && choose(model, frame.op, frame.alternative + 1)) return true;
    }
    return false;
  }

  void place(const Model& model, const Frame& frame) {
    const std::uint32_t i = frame.op;
    next_[previous_[i]] = next_[i];
    previous_[next_[i]] = previous_[i];
    placed_ = placed_ ^ codes_[i];
    if (!model.op(i).pending()) --required_left_;
    frames_.push_back(frame);
  }

  void unplace(const Model& model, std::uint32_t i) {
    next_[previous_[i]] = i;
    previous_[next_[i]] = i;
    placed_ = placed_ ^ codes_[i];
    if (!model.op(i).pending()) ++required_left_;
  }

  // Invariants: 1. next_/previous_ link the unplaced calls, in order, into a ring through end_. 2. placed_ is the xor
  // of the codes of the placed ones. 3. frames_ are the placements, oldest first, each with the state before it.
  std::uint32_t end_ = 0;
  std::uint32_t required_left_ = 0;
  Fingerprint placed_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> previous_;
  std::vector<Fingerprint> codes_;
  std::vector<Frame> frames_;
  std::vector<Candidate> candidates_;  ///< scratch of choose()
  Memo memo_;
};

}  // namespace mapquake
