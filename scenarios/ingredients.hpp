// What all scenarios cook with: sizes, keys, mixes of operations, construction, values.
#pragma once

#include "harness/base/rng.hpp"
#include "scenarios/draw.hpp"
#include "scenarios/scenario.hpp"

#include <vector>

namespace mapquake {

/// Default sizes of a scenario; ScenarioOptions override them. Upper ends are reached as rapidcheck's size grows.
struct Sizes {
  unsigned threads_min = 2, threads_max = 4;
  unsigned operations_min = 1, operations_max = 6;  ///< per thread
};

/// How many operations each thread shall have. Exactly as many as the options say, where they do; within the limits of
/// program.hpp in any case. About every third program without options is tiny: two threads with one or two operations
/// find most bugs, and shrink at once.
std::vector<unsigned> draw_shape(Draw& draw, const Sizes& sizes, const ScenarioOptions& options);

/// The keys of a program, 1 to `count`, of which key 1 is hot in some programs. Few keys mean many conflicts.
struct Keys {
  unsigned count = 1;
  unsigned hot_percent = 0;  ///< of draws that answer key 1 out of hand
  std::int64_t one(Draw& draw) const;
};
/// `count_max` is reached as the size grows; options.keys overrides it.
Keys draw_keys(Draw& draw, unsigned count_max, const ScenarioOptions& options);

/// Distinct keys, in random order, about as many as the key space holds plus a few that no operation touches.
/// options.prefill overrides the number. Empty where no operation can add.
std::vector<abi::Entry> draw_prefill(Draw& draw, const Keys& keys, unsigned count_max, OpMask operations,
                                     const ScenarioOptions& options);
/// Keys first, first + 1, …: `count` of them.
std::vector<abi::Entry> consecutive(std::int64_t first, std::size_t count);

/// Weighted operations to draw from.
class Menu {
 public:
  /// Adds `weight` portions of every operation of `kinds` that is in `operations`, but for those that only follow
  /// others (follow_ups).
  Menu& add(OpMask operations, OpMask kinds, unsigned weight = 1);
  bool empty() const { return portions_.empty(); }
  /// Keeps a random part (at least one kind): swarm testing (Groce et al., ISSTA 2012).
  void thin_out(Draw& draw);
  /// Requires !empty().
  OpKind one(Draw& draw) const;
  OpKind one(Rng& rng) const;

 private:
  std::vector<OpKind> portions_;
};

/// Reads and writes in a proportion.
struct Mix {
  Menu reads, writes;
  unsigned write_percent = 50;
  /// Requires that one of the menus is not empty. The key is from `keys` where the operation takes one.
  Operation one(Draw& draw, const Keys& keys) const;
};

/// `kind` with a key from `keys` (reserve: a number of entries, erase_if: a parity, whole map: 0); no value yet.
Operation make_operation(Draw& draw, OpKind kind, const Keys& keys);

/// Turns one operation, not of thread `spared`, into a write if there is none: a program that only reads has nothing to
/// find.
void ensure_write(Draw& draw, const Mix& mix, const Keys& keys, Program& program, std::size_t spared = SIZE_MAX);

/// With one hash for all, or a few, the work grows as the square of the entries: programs with more have good hashes.
inline constexpr std::size_t entries_alike_max = 256;

/// Hash mode, capacity hint and construct_from_range. Mostly the plain ones; a range has a key twice now and then. Maps
/// that take a capacity get a small one.
void draw_construction(Draw& draw, const ScenarioOptions& options, Program& program);

/// Gives operations that name two keys (names_other_key) their other one, of those that the program has. Transactions
/// get a different one where there is any.
void draw_other_keys(Draw& draw, Program& program);

/// Has the cursors that threads open go on, behind that call and behind others, mostly to the end. Nothing where the
/// options say how many operations there are.
void draw_cursor_steps(Draw& draw, OpMask operations, const ScenarioOptions& options, Program& program);

/// How long its sleeps are: longer than entries live, or half as long. In one program of four all threads begin with
/// one. Nothing where entries do not expire.
void draw_sleeps(Draw& draw, const ScenarioOptions& options, Program& program);

/// Every place where the program names a key. Valid until operations or entries are added.
std::vector<std::int64_t*> keys_named(Program& program);

/// Gives each key another number up to `scattered_keys_max`, distinct ones, for every other seed: maps that hash have
/// other neighbours, and other collisions, then. Keys 1, 2, … would meet in the same few buckets in every program.
/// Programs with greater keys stay as they are.
inline constexpr unsigned scattered_keys_max = 99;
void scatter_keys(std::uint64_t seed, Program& program);

/// Gives every prefill entry and operation a value that nothing else has, so that a value read tells who wrote it.
/// Small: prefill has its key, thread A has 11, 12, …, thread B 21, 22, … (where tens are enough). Updates add amounts
/// that are above all of those and have distinct sums, until there are more than 20.
/// Where values cannot hold all that (`can_hold`), they are numbered within it, from its start again where it is too
/// small for distinct ones, and updates add 1, or nothing.
void number_values(Program& program, Numbers can_hold = {});

/// Keys that the type cannot hold become some that it can; the prefill loses what it has twice then.
void fit_keys(Numbers can_hold, Program& program);

/// Gives each compare_exchange the value that must be there: one that the program writes to the key. Requires numbered
/// values.
void draw_expected_values(Draw& draw, Program& program);

}  // namespace mapquake
