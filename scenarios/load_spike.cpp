// More threads and operations than usual fall upon a few hot keys, in phases: all of them adding, then all reading,
// then all erasing, in any order. The property is that of mixed-operations; the load is what differs.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

#include <array>

namespace mapquake {
namespace {

class LoadSpike final : public DrawnScenario {
 public:
  std::string_view name() const override { return "load-spike"; }
  std::string_view about() const override { return "bursts of threads and operations on hot keys, in phases"; }
  bool applies(OpMask operations) const override { return (operations & point_writes) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  bool bears_long_runs() const override { return true; }
  bool bears_population() const override { return true; }
  static Mix draw_phase(Draw& draw, const Ingredients& from) {
    static constexpr std::array<unsigned, 5> write_percents{5, 30, 80, 100, 100};
    Mix mix;
    mix.reads.add(from.together, key_reads, 6).add(from.together, ops(OpKind::size, OpKind::iterate));
    mix.writes.add(from.together, point_writes, 6).add(from.together, ops(OpKind::clear));
    mix.writes.thin_out(draw);
    mix.write_percent =
        from.options.write_percent != 0 ? from.options.write_percent : draw.element<unsigned>(write_percents);
    return mix;
  }

  Program draw_program(Draw& draw, const Ingredients& from) const override {
    const Sizes sizes{.threads_min = 3, .threads_max = 8, .operations_min = 2, .operations_max = 8};
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, sizes, from.options);
    Keys keys = draw_keys(draw, 6, from.options);
    keys.hot_percent = 70;
    program.prefill = draw_prefill(draw, keys, 8, from.alone, from.options);

    std::vector<Mix> phases;
    for (unsigned left = draw.between(1, 3); left > 0; --left) phases.push_back(draw_phase(draw, from));
    for (const unsigned count : shape) {
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) thread.push_back(phases[i * phases.size() / count].one(draw, keys));
    }
    ensure_write(draw, phases.front(), keys, program);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& load_spike() {
  static const LoadSpike scenario;
  return scenario;
}

}  // namespace mapquake
