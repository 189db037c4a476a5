#include "scenarios/phases.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace mapquake {
namespace {

constexpr std::array<std::uint32_t, 4> lengths{64, 128, 256, 384};
constexpr std::array<std::uint32_t, 7> key_counts{8, 16, 32, 64, 64, 128, 256};

/// Percent of a phase's operations; the others are writes that do neither, and whatever else the map has.
struct Proportions {
  std::uint32_t adds, erases, looks;
};
constexpr std::array<Proportions, 4> proportions{{{84, 4, 10}, {4, 84, 10}, {42, 42, 14}, {34, 33, 31}}};

enum class Order : std::uint8_t { random, upwards, downwards, neighbours };
constexpr std::array<Order, 6> orders{Order::random,  Order::random,    Order::random,
                                      Order::upwards, Order::downwards, Order::neighbours};
constexpr std::uint32_t neighbours_max = 6;
/// Of additions and erasures so many percent change something, where anything is left to add or to erase.
constexpr std::uint32_t telling_percent = 85;

/// A program has hundreds of draws, so they are made by the cheaper generator.
class Phases {
 public:
  Phases(std::uint64_t seed, const Ingredients& from) : rng_(mix64(seed)) {
    adds_.add(from.alone, adding_ops & point_writes).add(from.alone, ops(OpKind::insert), 2);
    erases_.add(from.alone, erasing_ops);
    looks_.add(from.alone, key_reads | bound_reads, 3).add(from.alone, ops(OpKind::size, OpKind::iterate));
    others_.add(from.alone, ~ops(OpKind::clear, OpKind::sleep));
  }

  bool can_draw() const { return !adds_.empty() && !erases_.empty(); }

  Program draw() {
    Program program;
    const std::uint32_t length = rng_.element<std::uint32_t>(lengths);
    keys_.count = std::min(rng_.element<std::uint32_t>(key_counts), length);
    present_.assign(keys_.count + 1, false);
    if (rng_.below(4) == 0) prefill(program);
    auto& thread = program.threads.emplace_back();
    while (thread.size() < length) phase(1 + length / 8 + rng_.below(length / 2), thread);
    thread.resize(length);
    return program;
  }

 private:
  /// Every other key or so, in order.
  void prefill(Program& program) {
    for (std::int64_t key = 1; key <= keys_.count; ++key) {
      if (rng_.below(2) == 0) continue;
      program.prefill.push_back({key, 0});
      present_[static_cast<std::size_t>(key)] = true;
    }
  }

  void phase(std::uint32_t length, std::vector<Operation>& thread) {
    const Proportions mix = rng_.element<Proportions>(proportions);
    const Order order = rng_.element<Order>(orders);
    std::int64_t key = 1 + rng_.below(keys_.count);
    for (std::uint32_t n = 0; n < length; ++n) {
      const OpKind kind = kind_of(mix);
      thread.push_back({kind, 0, 0});
      if (names_key(kind)) {
        key = telling(kind, next(order, key), order);
        thread.back().key = key;
      } else if (traits_of(kind).takes == Takes::number) {
        thread.back().key = rng_.below(2 * keys_.count);
      } else if (traits_of(kind).takes == Takes::parity) {
        thread.back().key = rng_.below(2);
      }
    }
  }

  OpKind kind_of(Proportions mix) {
    const std::uint32_t drawn = rng_.below(100);
    if (drawn < mix.adds) return adds_.one(rng_);
    if (drawn < mix.adds + mix.erases) return erases_.one(rng_);
    if (drawn < mix.adds + mix.erases + mix.looks && !looks_.empty()) return looks_.one(rng_);
    return others_.one(rng_);
  }

  std::int64_t next(Order order, std::int64_t key) {
    const std::int64_t count = keys_.count;
    switch (order) {
      case Order::random:
        return 1 + rng_.below(keys_.count);
      case Order::upwards:
        return key % count + 1;
      case Order::downwards:
        return (key + count - 2) % count + 1;
      case Order::neighbours:
        return (key + rng_.below(neighbours_max)) % count + 1;
    }
    MQ_ASSERT(false);
  }

  /// `key`, or the next one in the order that the operation would add or erase; that becomes so.
  std::int64_t telling(OpKind kind, std::int64_t key, Order order) {
    const bool adds = adds_entry(kind), erases = (op_bit(kind) & erasing_ops) != 0;
    if (!adds && !erases) return key;
    const auto is_of_use = [&](std::int64_t candidate) {
      return present_[static_cast<std::size_t>(candidate)] == erases;
    };
    if (rng_.below(100) < telling_percent) {
      for (std::uint32_t tried = 0; tried < keys_.count && !is_of_use(key); ++tried) {
        key = next(order == Order::downwards ? order : Order::upwards, key);
      }
    }
    present_[static_cast<std::size_t>(key)] = adds;
    return key;
  }

  Rng rng_;
  Keys keys_;
  std::vector<bool> present_;  ///< by key, as far as additions and erasures say
  Menu adds_, erases_, looks_, others_;
};

}  // namespace

bool is_phased(std::uint64_t seed, const ScenarioOptions& options) {
  constexpr std::uint64_t not_as_for_long_runs = 0x706861;
  const bool free = options.threads == 0 && options.operations == 0 && options.keys == 0 && !options.prefill;
  return free && mix64(seed ^ not_as_for_long_runs) % programs_per_phased == 0;
}

Program draw_phases(std::uint64_t seed, const Ingredients& from) {
  Phases phases(seed, from);
  return phases.can_draw() ? phases.draw() : Program{};
}

}  // namespace mapquake
