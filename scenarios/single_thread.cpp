// One thread, all operations, against the model. The property: every answer and every traversal is what a sequential
// map would give. Maps that claim nothing about concurrency must pass this, and so must all others.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

class SingleThread final : public DrawnScenario {
 public:
  std::string_view name() const override { return "single-thread"; }
  std::string_view about() const override { return "one thread, every operation of the map, against a model"; }
  bool applies(OpMask operations) const override { return (operations & map_operations) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    (void)claims;
    return applies(operations);
  }

 private:
  bool bears_long_runs() const override { return true; }
  bool bears_phases() const override { return true; }
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const unsigned count = from.options.operations != 0 ? from.options.operations : draw.growing(1, 30);
    const Keys keys = draw_keys(draw, 12, from.options);
    program.prefill = draw_prefill(draw, keys, 16, from.alone, from.options);

    Mix mix;
    mix.reads.add(from.alone, const_ops);
    mix.writes.add(from.alone, point_writes, 3).add(from.alone, whole_map_writes | lonely_ops);
    mix.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 65;
    if (draw.chance(50)) mix.writes.thin_out(draw);
    auto& thread = program.threads.emplace_back();
    const std::size_t limited = std::min<std::size_t>(count, program_operations_max);
    while (thread.size() < limited) thread.push_back(mix.one(draw, keys));
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& single_thread() {
  static const SingleThread scenario;
  return scenario;
}

}  // namespace mapquake
