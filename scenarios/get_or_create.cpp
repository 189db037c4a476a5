// Requests ask for the same few objects at once, and whoever comes first makes them. The property: the same key gives
// everyone the same object, and no more are made than there are keys.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

class GetOrCreate final : public DrawnScenario {
 public:
  std::string_view name() const override { return "get-or-create"; }
  std::string_view about() const override { return "threads ask for the same objects, the first makes them"; }
  bool applies(OpMask operations) const override { return (operations & op_bit(OpKind::get_or_create)) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const Sizes sizes{.threads_min = 2, .threads_max = 8, .operations_min = 1, .operations_max = 4};
    const std::vector<unsigned> shape = draw_shape(draw, sizes, from.options);
    const Keys keys = draw_keys(draw, 6, from.options);
    if (from.options.prefill || draw.chance(25)) {
      program.prefill = draw_prefill(draw, keys, 4, from.alone, from.options);
    }
    // Objects go away only where the options ask for writes.
    const unsigned erase_percent = from.options.write_percent != 0 ? from.options.write_percent : 0;
    const bool can_erase = (from.together & erasing_ops) != 0;
    const OpKind erase = (from.together & op_bit(OpKind::erase)) != 0 ? OpKind::erase : OpKind::extract;
    for (const unsigned count : shape) {
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) {
        const bool erases = can_erase && erase_percent != 0 && draw.chance(erase_percent);
        thread.push_back(make_operation(draw, erases ? erase : OpKind::get_or_create, keys));
      }
    }
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& get_or_create() {
  static const GetOrCreate scenario;
  return scenario;
}

}  // namespace mapquake
