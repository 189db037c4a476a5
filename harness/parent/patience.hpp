// How much processor time a map may use up between two scheduling points before that is called a hang. A right map may
// need long, on a slow machine, so the first hang is believed only when much more time does not end it either.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/history/symptom.hpp"

#include <algorithm>
#include <cstdint>

namespace mapquake {

/// Of one executor. Limits are in ms of the worker's processor time. To be told how each execution ended.
class Patience {
 public:
  static constexpr std::uint32_t factor = 5;
  /// Shrinking a hang repeats it a hundred times.
  static constexpr std::uint32_t known_hang_ms = 20;
  /// The part of its time that a hang which had the utmost gets where one is to be sure: twenty fresh processes confirm
  /// each failure.
  static constexpr std::uint32_t proven_part = 5;

  explicit constexpr Patience(std::uint32_t normal_ms) : normal_ms_(normal_ms) {}

  constexpr std::uint32_t utmost_ms() const { return normal_ms_ * factor; }
  /// Of the next execution.
  std::uint32_t limit_ms() const {
    if (utmost_ || slow_) return utmost_ms();
    if (!hangs_) return normal_ms_;
    if (!sure_) return std::min(known_hang_ms, normal_ms_);
    return proven_ ? normal_ms_ / proven_part : normal_ms_;
  }

  /// The execution is to be seen again with give_utmost().
  bool doubts(const Violation& seen) const { return doubts_news(seen) && !proven_; }
  /// The same of a failure that is not known yet: what was learned of another is no measure for it.
  bool doubts_news(const Violation& seen) const { return is_timed(seen) && limit_ms() < utmost_ms(); }

  void give_utmost() { utmost_ = true; }
  /// From here to the next hang less time is saved.
  void be_sure() { sure_ = true; }

  void learn_from(const Violation& seen) {
    if (seen.outcome == Outcome::hang) {
      hangs_ = true;
      sure_ = false;
    }
    if (utmost_) (is_timed(seen) ? proven_ : slow_) = true;
    utmost_ = false;
  }

 private:
  static bool is_timed(const Violation& seen) {
    return seen.outcome == Outcome::hang && seen.label == name_of(Symptom::no_scheduling_point);
  }

  std::uint32_t normal_ms_;
  bool hangs_ = false;
  bool proven_ = false;  ///< a hang had the utmost, and did not end
  bool slow_ = false;    ///< what was called a hang ended when it had the utmost
  bool sure_ = false;
  bool utmost_ = false;  ///< for the next execution
};

}  // namespace mapquake
