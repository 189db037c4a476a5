#include "harness/recorded/evidence.hpp"

#include <algorithm>

namespace mapquake::recorded {
namespace {

/// One of the calls considered.
struct Piece {
  KeyOp op;
  std::uint32_t index = 0;  ///< in the key's calls
  bool matters = true;
};

/// The same call, of which nothing is known but that it was made.
KeyOp left_open(KeyOp op) {
  if (op.action == Action::take) op.action = Action::erase;
  if (op.action == Action::exchange) op.action = Action::assign;
  const bool open_already = op.pending() || op.alternatives > 1;
  op.answer = Answer::unknown;
  if (open_already) return op;
  op.alternatives = op.may_vanish ? 4 : 2;
  return op;
}

class Reduction {
 public:
  Reduction(std::span<const KeyOp> ops, std::uint32_t culprit, Initially initially, JustInTime& checker)
      : all_(ops), culprit_(culprit), initially_(initially), checker_(checker) {
    choose_window();
  }

  Evidence evidence() {
    if (!impossible()) return bare();
    if (state_ && !settle_on_open_beginning()) find_writer();
    for (std::size_t chunk = std::max<std::size_t>(1, pieces_.size() / 2); chunk > 0; chunk /= 2) {
      for (std::size_t first = 0; first < pieces_.size(); first += chunk) leave_open(first, chunk);
    }
    for (const Piece& piece : pieces_) {
      if (piece.matters) evidence_.ops.push_back(piece.index);
    }
    evidence_.before = state_;
    return counted();
  }

 private:
  static constexpr std::size_t configurations_max = 256;

  /// Too entangled for a part of it to be enough.
  Evidence bare() {
    evidence_.ops = {culprit_};
    return counted();
  }

  Evidence counted() {
    const auto until =
        std::ranges::count_if(all_, [this](const KeyOp& op) { return op.invoked < all_[culprit_].returned; });
    evidence_.left_out = static_cast<std::uint32_t>(until) - static_cast<std::uint32_t>(evidence_.ops.size());
    return evidence_;
  }

  /// From a cut on that is far enough back to show the cause, and not so far that it takes long; where there is none,
  /// from some call on, with nothing known of what was before.
  void choose_window() {
    std::vector<Cut> cuts;
    checker_.check(all_, initially_, &cuts);
    checker_.limit(configurations_max);
    for (const Cut& cut : cuts) {
      if (cut.next > culprit_ || culprit_ - cut.next > evidence_window_max) continue;
      const bool enough = state_ && culprit_ - cut.next < evidence_window_min;
      if (enough) break;
      evidence_.window = cut.next;
      state_ = cut.state;
    }
    if (state_) return fill(evidence_.window);
    for (std::uint32_t window = evidence_window_min; window <= evidence_window_max && window < culprit_; window *= 2) {
      forgotten_ = true;
      fill(culprit_ - window);
      if (impossible()) return;
    }
    forgotten_ = false;
    fill(0);
    if (pieces_.size() > evidence_window_max) return;
    if (initially_ == Initially::empty) state_ = KeyState{};
  }

  /// The calls from `first` on. Those before it that had not returned yet may come after it, or not.
  void fill(std::uint32_t first) {
    evidence_.window = first;
    pieces_.clear();
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      const KeyOp& op = all_[i];
      if (i < first && op.returned < all_[first].invoked) continue;
      if (op.invoked < all_[culprit_].returned) pieces_.push_back({op, i, !op.pending() && i >= first});
    }
  }

  bool impossible() { return impossible(state_); }
  bool impossible(const std::optional<KeyState>& state) {
    ops_.clear();
    for (const Piece& piece : pieces_) {
      if (piece.matters || (piece.op.pending() && !is_look_up(piece.op))) {
        ops_.push_back(piece.op);
      } else if (!is_look_up(piece.op) && !is_read(piece.op)) {
        ops_.push_back(left_open(piece.op));
      }
    }
    const KeyVerdict verdict =
        state ? checker_.check_from(ops_, *state)
              : checker_.check(ops_, evidence_.window == 0 && !forgotten_ ? initially_ : Initially::unknown);
    return verdict.verdict == Verdict::illegal;
  }

  /// Is it impossible whatever the key held before? Then that need not be told.
  bool settle_on_open_beginning() {
    forgotten_ = true;
    if (impossible(std::nullopt)) {
      state_.reset();
      return true;
    }
    forgotten_ = false;
    return false;
  }

  void leave_open(std::size_t first, std::size_t count) {
    std::vector<std::size_t> changed;
    for (std::size_t i = first; i < std::min(first + count, pieces_.size()); ++i) {
      if (!pieces_[i].matters || pieces_[i].index == culprit_) continue;
      pieces_[i].matters = false;
      changed.push_back(i);
    }
    if (changed.empty() || impossible()) return;
    for (const std::size_t i : changed) pieces_[i].matters = true;
  }

  /// The last call before the window that certainly left the key as it is.
  void find_writer() {
    for (std::uint32_t i = evidence_.window; i-- > 0;) {
      const Aftermath left = aftermath(all_[i]);
      const bool wrote = !is_read(all_[i]) && left.presence != Aftermath::unknown;
      if (!wrote) continue;
      const bool same =
          state_->present ? left.value_known && left.value == state_->value : left.presence == Aftermath::absent;
      if (same) evidence_.before_op = i;
      return;
    }
  }

  std::span<const KeyOp> all_;
  std::uint32_t culprit_;
  Initially initially_;
  JustInTime& checker_;
  Evidence evidence_;
  std::optional<KeyState> state_;
  bool forgotten_ = false;
  std::vector<Piece> pieces_;
  std::vector<KeyOp> ops_;
};

}  // namespace

Evidence evidence_of(std::span<const KeyOp> ops, std::uint32_t culprit, Initially initially, JustInTime& checker) {
  const Evidence evidence = Reduction(ops, culprit, initially, checker).evidence();
  checker.limit(JustInTime::configurations_max);
  return evidence;
}

}  // namespace mapquake::recorded
