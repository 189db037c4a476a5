// Every thread does a bit of everything. The property: whatever the interleaving, the answers have a serial explanation
// as strong as the map claims.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

#include <array>

namespace mapquake {
namespace {

class MixedOperations final : public DrawnScenario {
 public:
  std::string_view name() const override { return "mixed-operations"; }
  std::string_view about() const override { return "every thread looks up, adds, erases and overwrites on few keys"; }
  bool applies(OpMask operations) const override { return (operations & point_writes) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  bool bears_long_runs() const override { return true; }
  bool bears_population() const override { return true; }
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    static constexpr std::array<unsigned, 5> write_percents{20, 50, 50, 80, 100};
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, {}, from.options);
    const Keys keys = draw_keys(draw, 6, from.options);
    program.prefill = draw_prefill(draw, keys, 8, from.alone, from.options);

    Mix mix;
    mix.reads.add(from.together, key_reads, 3).add(from.together, const_ops & ~key_reads);
    mix.writes.add(from.together, point_writes, 4).add(from.together, whole_map_writes);
    if (draw.chance(50)) mix.reads.thin_out(draw);
    if (draw.chance(50)) mix.writes.thin_out(draw);
    mix.write_percent =
        from.options.write_percent != 0 ? from.options.write_percent : draw.element<unsigned>(write_percents);
    for (const unsigned count : shape) {
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) {
        Operation operation = mix.one(draw, keys);
        // Now and then the key of the operation before: what was just taken out comes back, what is new is looked up.
        const bool again = i > 0 && names_key(operation.kind) && names_key(thread.back().kind) && draw.chance(25);
        if (again) operation.key = thread.back().key;
        thread.push_back(operation);
      }
    }
    ensure_write(draw, mix, keys, program);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& mixed_operations() {
  static const MixedOperations scenario;
  return scenario;
}

}  // namespace mapquake
