// One thread walks the map while the others change it. The property: the traversal keeps the contract that the map
// claims (weakly consistent or a snapshot), and the writers do not notice.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr unsigned writer_traverses_percent = 10;

class IterateWhileWriting final : public DrawnScenario {
 public:
  std::string_view name() const override { return "iterate-while-writing"; }
  std::string_view about() const override { return "one thread visits every entry while others write"; }
  bool applies(OpMask operations) const override {
    return (operations & ops(OpKind::iterate, OpKind::cursor_open)) != 0 && (operations & point_writes) != 0;
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

    Menu traversal;
    traversal.add(from.together, ops(OpKind::iterate), 4)
        .add(from.together, ops(OpKind::cursor_open), 2)
        .add(from.together, ops(OpKind::copy) | iterating_writes);
    Mix mix;
    mix.reads.add(from.together, key_reads);
    mix.writes.add(from.together, point_writes, 4).add(from.together, ops(OpKind::clear, OpKind::reserve));
    if (draw.chance(50)) mix.writes.thin_out(draw);
    mix.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 90;

    const auto traverser = draw.between(0, static_cast<unsigned>(shape.size()) - 1);
    for (unsigned thread = 0; thread < shape.size(); ++thread) {
      auto& operations = program.threads.emplace_back();
      // The traverser's first traversal stands anywhere among its operations.
      const unsigned certain = thread == traverser ? draw.between(0, shape[thread] - 1) : UINT32_MAX;
      const unsigned percent = thread == traverser ? 60 : writer_traverses_percent;
      for (unsigned i = 0; i < shape[thread]; ++i) {
        const bool traverses = i == certain || draw.chance(percent);
        operations.push_back(traverses ? make_operation(draw, traversal.one(draw), keys) : mix.one(draw, keys));
      }
    }
    ensure_write(draw, mix, keys, program, traverser);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& iterate_while_writing() {
  static const IterateWhileWriting scenario;
  return scenario;
}

}  // namespace mapquake
