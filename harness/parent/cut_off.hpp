// When work that was asked to stop, and does not, is cut off.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace mapquake {

/// Who is asked to stop has `grace` to do so, for all that he does after that together. Not thread-safe.
class CutOff {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds grace{1000};

  CutOff() = default;
  /// `stop` answers whether to stop; null: never.
  explicit CutOff(std::function<bool()> stop) : stop_(std::move(stop)) {}

  bool is_asked() const { return stop_ && stop_(); }
  /// Times must not decrease from call to call.
  bool is_due(Time now) {
    if (!is_asked()) return false;
    if (!asked_at_) asked_at_ = now;
    return now - *asked_at_ >= grace;
  }

 private:
  std::function<bool()> stop_;
  std::optional<Time> asked_at_;  ///< when it was first seen
};

}  // namespace mapquake
