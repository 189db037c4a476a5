// The map stands just below a size at which maps commonly grow, and threads push it over while others read, erase and
// reserve. The property: growing loses nothing, doubles nothing, and nobody sees the table between two states.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

/// Entry counts from which the next insert makes some common table grow: powers of two, 3/4 and 7/8 of them, 13/2 of
/// them (eight-slot buckets), primes of doubling prime tables.
constexpr std::array<unsigned, 25> boundaries{1,  2,  3,  4,  6,  7,  8,  11, 12, 13, 14, 16, 23,
                                              24, 26, 28, 29, 32, 47, 48, 52, 56, 59, 64, 96};

class RehashPressure final : public DrawnScenario {
 public:
  std::string_view name() const override { return "rehash-pressure"; }
  std::string_view about() const override { return "inserts make the map grow under readers, erasers and reserve"; }
  bool applies(OpMask operations) const override { return (operations & adding_ops) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, {.threads_max = 3, .operations_max = 5}, from.options);
    const unsigned boundary = draw_boundary(draw, from.options);
    const unsigned below = draw.between(0, std::min(boundary, 2u));
    program.prefill =
        consecutive(1, std::min<std::size_t>(from.options.prefill.value_or(boundary - below), program_prefill_max));

    Menu adding, reserving;
    adding.add(from.together, adding_ops).add(from.together, ops(OpKind::insert), 2);
    reserving.add(from.together, ops(OpKind::reserve, OpKind::shrink));
    Mix others;
    others.reads.add(from.together, key_reads, 3).add(from.together, ops(OpKind::iterate, OpKind::size));
    others.writes.add(from.together, erasing_ops, 3).add(from.together, point_writes & ~adding_ops);
    others.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 40;
    const unsigned add_percent = draw.between(40, 90);

    const auto present = static_cast<unsigned>(program.prefill.size());
    const bool same_fresh_keys = draw.chance(25);  // threads race to add the same key
    unsigned fresh = present;
    for (const unsigned count : shape) {
      if (same_fresh_keys) fresh = present;
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) {
        const bool first = program.threads.size() == 1 && i == 0;
        if (first || draw.chance(add_percent)) {
          thread.push_back({adding.one(draw), ++fresh, 0});
        } else if (!reserving.empty() && draw.chance(20)) {
          thread.push_back(make_resize(draw, reserving.one(draw), boundary));
        } else if (others.reads.empty() && others.writes.empty()) {
          thread.push_back({adding.one(draw), ++fresh, 0});
        } else {
          thread.push_back(others.one(draw, keys_around(draw, from.options, present)));
        }
      }
    }
    draw_construction(draw, from.options, program);
    if (draw.chance(20)) program.capacity_hint = boundary;
    return program;
  }

  /// Up beyond the boundary, or down as far as the entries let it.
  static Operation make_resize(Draw& draw, OpKind kind, unsigned boundary) {
    if (kind != OpKind::reserve) return {kind, 0, 0};
    return {kind, draw.chance(25) ? 0 : draw.between(boundary, 4 * boundary), 0};
  }

  /// Where the sizes at which this map grows are known, mostly those.
  static unsigned draw_boundary(Draw& draw, const ScenarioOptions& options) {
    const auto end = std::find(options.growth_sizes.begin(), options.growth_sizes.end(), 0);
    const auto known = static_cast<unsigned>(end - options.growth_sizes.begin());
    if (known > 0 && draw.chance(75)) return options.growth_sizes[draw.growing(0, known - 1)];
    return boundaries[draw.growing(0, boundaries.size() - 1)];
  }

  /// Half of the time any key there is, half of the time the few that are being added.
  static Keys keys_around(Draw& draw, const ScenarioOptions& options, unsigned present) {
    const unsigned count = present + 3;
    return {.count = options.keys != 0 ? options.keys : count, .hot_percent = draw.chance(25) ? 50u : 0u};
  }
};

}  // namespace

const Scenario& rehash_pressure() {
  static const RehashPressure scenario;
  return scenario;
}

}  // namespace mapquake
