// Entries vanish under a traversal, by its own hand (erase_if) or another's. The property: what is erased is erased
// once, what is not is neither skipped nor seen twice, and nobody touches an entry that is gone.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

class EraseWhileIterating final : public DrawnScenario {
 public:
  std::string_view name() const override { return "erase-while-iterating"; }
  std::string_view about() const override { return "one thread erases while it iterates, others erase and add"; }
  bool applies(OpMask operations) const override {
    constexpr OpMask pair = ops(OpKind::iterate, OpKind::erase);
    return (operations & op_bit(OpKind::erase_if)) != 0 || (operations & pair) == pair;
  }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  bool bears_population() const override { return true; }
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, {.threads_max = 3, .operations_max = 4}, from.options);
    const Keys keys = draw_keys(draw, 8, from.options);
    program.prefill = draw_prefill(draw, keys, 8, from.alone, from.options);
    if (program.prefill.empty() && !from.options.prefill && (from.alone & adding_ops) != 0)
      program.prefill = consecutive(1, draw.growing(1, 4));

    Menu sweep;
    sweep.add(from.together, ops(OpKind::erase_if), 3)
        .add(from.together, ops(OpKind::iterate, OpKind::cursor_open) | iterating_writes);
    Mix mix;
    mix.reads.add(from.together, key_reads | ops(OpKind::iterate));
    mix.writes.add(from.together, erasing_ops, 4)
        .add(from.together, ops(OpKind::erase_if), 2)
        .add(from.together, adding_ops | ops(OpKind::update));
    mix.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 80;

    const auto sweeper = draw.between(0, static_cast<unsigned>(shape.size()) - 1);
    for (unsigned thread = 0; thread < shape.size(); ++thread) {
      auto& operations = program.threads.emplace_back();
      const unsigned certain = thread == sweeper ? draw.between(0, shape[thread] - 1) : UINT32_MAX;
      for (unsigned i = 0; i < shape[thread]; ++i) {
        const bool sweeps = i == certain || (thread == sweeper && draw.chance(50));
        operations.push_back(sweeps ? make_operation(draw, sweep.one(draw), keys) : mix.one(draw, keys));
      }
    }
    ensure_write(draw, mix, keys, program, sweeper);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& erase_while_iterating() {
  static const EraseWhileIterating scenario;
  return scenario;
}

}  // namespace mapquake
