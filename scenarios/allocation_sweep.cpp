// Small programs, and every allocation of every operation fails: once, and from there on until the operation ends. The
// property: what the map guarantees on bad_alloc holds wherever memory runs out.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

class AllocationSweep final : public DrawnScenario {
 public:
  std::string_view name() const override { return "allocation-sweep"; }
  std::string_view about() const override {
    return "every allocation of every operation fails, once and for the rest of the operation (--sweep)";
  }
  bool applies(OpMask operations) const override { return (operations & map_operations) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    const bool together =
        claims.concurrent_use != ConcurrentUse::all_operations || applies(concurrent_ops(claims, operations));
    return claims.on_bad_alloc != ExceptionGuarantee::none && applies(operations) && together;
  }
  bool sweeps_failures() const override { return true; }

 private:
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const unsigned threads = from.options.threads;
    const bool alone = !from.claims_concurrency || threads == 1 || (threads == 0 && draw.chance(50));
    const OpMask usable = alone ? from.alone : from.together;
    std::vector<unsigned> shape = draw_shape(draw, {.threads_max = 2, .operations_max = 2}, from.options);
    if (alone) shape.resize(1);
    const Keys keys = draw_keys(draw, 4, from.options);
    // Around the sizes at which tables grow for the first times.
    program.prefill = from.options.prefill || draw.chance(50)
                          ? draw_prefill(draw, keys, 4, from.alone, from.options)
                          : draw_prefill(draw, {.count = draw.between(1, 17)}, 17, from.alone, from.options);
    Mix mix;
    mix.reads.add(usable, const_ops);
    mix.writes.add(usable, point_writes, 3).add(usable, whole_map_writes);
    if (alone) mix.writes.add(usable, lonely_ops);
    mix.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 85;
    const Keys spoken{.count = static_cast<unsigned>(program.prefill.size()) + 3};
    for (const unsigned count : shape) {
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) thread.push_back(mix.one(draw, draw.chance(50) ? keys : spoken));
    }
    ensure_write(draw, mix, keys, program);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& allocation_sweep() {
  static const AllocationSweep scenario;
  return scenario;
}

}  // namespace mapquake
