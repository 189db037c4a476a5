// Calls that are taken out of a program because it ends in them under its first schedule, whoever runs: what lies
// behind a defect that every schedule meets is then met, too.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/program.hpp"

#include <array>
#include <cstdint>

namespace mapquake {

/// A call of a program's thread; of main_thread, the one that adds entry `op` of the prefill.
struct CallId {
  ThreadId thread = 0;
  OpIndex op = 0;

  friend bool operator==(const CallId&, const CallId&) = default;
};

/// Kinds of calls: a bit for each OpKind, and one for the entries of the prefill.
using CallKinds = std::uint64_t;
inline constexpr unsigned call_kind_count = op_kind_count + 1;
static_assert(call_kind_count <= 64);
inline constexpr CallKinds prefill_kind = CallKinds{1} << op_kind_count;

CallKinds kinds_of(const Program& program);
/// Takes all calls of these kinds out, and threads that have no other one. False: no thread would be left, and nothing
/// has changed.
bool take_out_kinds(Program& program, CallKinds kinds);

/// A program that ends in more calls than these under schedules without preemptions is left as it is.
inline constexpr std::uint32_t stepped_over_max = 8;
/// From this one on, all calls of its kind are taken out with it, or all entries behind it.
inline constexpr std::uint32_t stepped_over_alone = 3;

/// In the order in which they were taken out: each as it was placed when those before it were gone already. So many
/// schedules of the program were for finding them.
class SteppedOver {
 public:
  std::uint32_t count() const { return count_; }
  /// The kinds of those calls that were `dear`.
  CallKinds dear_kinds() const { return dear_kinds_; }
  /// Takes the call in which `history` has ended out of `program`, and threads that have no other one, and remembers
  /// it; or the entry of the prefill that was being added. Changes nothing where several calls were under way, or none
  /// that the program names, or where no thread would be left. `dear`: it took long to end (case/dead_ends.hpp); if its
  /// kind is among `hopeless` then, all of that kind go at once. True: the program is another one.
  bool step_over(const History& history, bool dear, CallKinds hopeless, Program& program);
  /// Does the same to the program as it was drawn.
  void apply(Program& program) const;
  /// False of what is no such value, but bytes.
  bool is_sound() const { return count_ <= stepped_over_max; }

  friend bool operator==(const SteppedOver&, const SteppedOver&) = default;

 private:
  std::uint32_t count_ = 0;
  std::uint32_t whole_ = 0;  ///< a bit for each of the calls that all of its kind went with
  CallKinds dear_kinds_ = 0;
  std::array<CallId, stepped_over_max> calls_{};
};

}  // namespace mapquake
