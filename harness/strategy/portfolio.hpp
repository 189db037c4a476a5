// The strategies of one slice of exploring, by turns: no single one finds every kind of bug soon (Thomson, Donaldson,
// Betts: "Concurrency testing using controlled schedulers", TOPC 2016, section 6), and one that is wrong for a defect
// must not cost more than the others' share.
#pragma once

#include "harness/strategy/delay_bounded.hpp"
#include "harness/strategy/hold.hpp"
#include "harness/strategy/pct.hpp"
#include "harness/strategy/pos.hpp"
#include "harness/strategy/random_walk.hpp"
#include "harness/strategy/reads_from.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/strategy/starts_first.hpp"
#include "harness/strategy/surw.hpp"
#include "harness/strategy/watched.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mapquake {

/// As `--strategy` names them: "mixed" (all by turns), "random", "pct", "pos", "surw", "rff",
/// "delay", "hold".
std::span<const std::string_view> portfolio_names();

class Portfolio {
 public:
  /// `name`: one of portfolio_names(). `fault_mask`: see FaultDice.
  Portfolio(std::string_view name, std::uint32_t fault_mask);

  /// What was learned of the last program is forgotten. Programs begin elsewhere in the round, so that those with few
  /// schedules meet different strategies.
  /// `operations`: of all its threads. In long programs "mixed" holds an operation in every second schedule: it is
  /// there that what others do in the meantime counts. One operation starts its threads itself: in such programs those
  /// members come first that find what takes many threads and few orderings.
  void begin_program(std::uint64_t number, std::size_t operations);
  /// For the `n`-th schedule of the program, from 0. The first is the serial one.
  Strategy& pick(std::uint64_t n);
  /// To be called after each execution: lengths are learned from it.
  void end_execution();

 private:
  enum class Member : std::uint8_t { rff, pos, walk, surw, delay, hold, pct2, pct3, pct5 };
  static std::span<const Member> round_of(std::string_view name);
  static std::span<const Member> round_of_given();
  static std::span<const Member> round_of_long();
  Strategy& member_at(std::uint64_t turn);

  static constexpr std::size_t long_program_min = 40;

  std::span<const Member> round_;        ///< of most programs
  std::span<const Member> round_long_;   ///< of long ones
  std::span<const Member> round_given_;  ///< of one operation, which starts threads of its own
  std::span<const Member> turns_;        ///< of this one
  std::uint64_t first_turn_ = 0;
  Replay serial_;
  Watched watched_serial_;
  RandomWalk walk_;
  Pos pos_;
  Surw surw_;
  ReadsFrom rff_;
  DelayBounded delay_;
  Hold hold_;
  Pct pct2_;
  Pct pct3_;
  Pct pct5_;
  Pct* last_ = nullptr;
  StartsKnown starts_;
  std::optional<StartsFirst> starting_;  ///< around the latest member
};

}  // namespace mapquake
