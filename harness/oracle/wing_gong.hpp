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
#include "harness/history/specification.hpp"
#include "harness/oracle/memo.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
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
    order_.clear();
    for (std::uint32_t i = first; i < n; ++i) {
      order_.push_back(i);
      required_left_ += model.op(i).pending() ? 0 : 1;
    }
    by_call_.link(order_, end_);
    std::ranges::sort(order_, {}, [&](std::uint32_t i) { return std::pair(model.op(i).returned, i); });
    by_return_.link(order_, end_);
    if (rank_.size() < n) rank_.resize(n);
    for (std::uint32_t at = 0; at < order_.size(); ++at) rank_[order_[at]] = at;
    for (std::uint64_t i = codes_.size(); i < n; ++i) codes_.push_back({mix64(2 * i), mix64(2 * i + 1)});
  }

  // A call may come next if no unplaced call returned before it was invoked. In invocation order, those form a window
  // that ends at the first call invoked after the earliest return seen.

  bool advance(Model& model) {
    std::uint32_t earliest_return = never;
    for (std::uint32_t i = by_call_.next(end_); i != end_; i = by_call_.next(i)) {
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

  /// How many calls may come next, of those at or after `first` in order of return; `end_` means all.
  std::uint32_t count_candidates(const Model& model, std::uint32_t first) const {
    const std::uint32_t from = first == end_ ? 0 : rank_[first];
    std::uint32_t count = 0;
    std::uint32_t earliest_return = never;
    for (std::uint32_t i = by_call_.next(end_); i != end_; i = by_call_.next(i)) {
      const KeyOp& op = model.op(i);
      if (op.invoked > earliest_return) break;
      earliest_return = std::min(earliest_return, op.returned);
      count += rank_[i] >= from ? 1 : 0;
    }
    return count;
  }

  /// Places the first possible call at or after (op, alternative), in order of return; `end_` means any.
  bool choose(Model& model, std::uint32_t first, std::uint8_t first_alternative) {
    // Nothing else that is unplaced returned before these were invoked.
    const std::uint32_t earliest_return = model.op(by_return_.next(end_)).returned;
    std::uint32_t left = count_candidates(model, first);
    for (std::uint32_t i = first == end_ ? by_return_.next(end_) : first; left > 0; i = by_return_.next(i)) {
      if (model.op(i).invoked > earliest_return) continue;
      --left;
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
    by_call_.take_out(i);
    by_return_.take_out(i);
    placed_ = placed_ ^ codes_[i];
    if (!model.op(i).pending()) --required_left_;
    frames_.push_back(frame);
  }

  void unplace(const Model& model, std::uint32_t i) {
    by_call_.put_back(i);
    by_return_.put_back(i);
    placed_ = placed_ ^ codes_[i];
    if (!model.op(i).pending()) ++required_left_;
  }

  /// Numbers in an order, as a ring through an end. What was taken out last is put back first.
  class Ring {
   public:
    void link(const std::vector<std::uint32_t>& order, std::uint32_t end) {
      if (next_.size() <= end) {
        next_.resize(std::size_t{end} + 1);
        previous_.resize(std::size_t{end} + 1);
      }
      std::uint32_t last = end;
      for (const std::uint32_t i : order) {
        next_[last] = i;
        previous_[i] = last;
        last = i;
      }
      next_[last] = end;
      previous_[end] = last;
    }
    std::uint32_t next(std::uint32_t i) const { return next_[i]; }
    void take_out(std::uint32_t i) {
      next_[previous_[i]] = next_[i];
      previous_[next_[i]] = previous_[i];
    }
    void put_back(std::uint32_t i) {
      next_[previous_[i]] = i;
      previous_[next_[i]] = i;
    }

   private:
    std::vector<std::uint32_t> next_;
    std::vector<std::uint32_t> previous_;
  };

  // Invariants: 1. by_call_ and by_return_ have the unplaced calls in the order of invocation and of return, and end_.
  // 2. placed_ is the xor of the codes of the placed ones. 3. frames_ are the placements, oldest first, each with the
  // state before it. 4. rank_ numbers the calls of this search in the order of return.
  std::uint32_t end_ = 0;
  std::uint32_t required_left_ = 0;
  Fingerprint placed_;
  Ring by_call_, by_return_;
  std::vector<std::uint32_t> rank_;
  std::vector<std::uint32_t> order_;  ///< scratch of start()
  std::vector<Fingerprint> codes_;
  std::vector<Frame> frames_;
  Memo memo_;
};

}  // namespace mapquake
