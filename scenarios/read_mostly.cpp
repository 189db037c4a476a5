// Many readers, hardly a writer. The property: readers may run together, and see a write entirely or not at all. For
// maps that claim concurrent readers only, nobody writes: then what must hold is that const operations do not write
// either.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

class ReadMostly final : public DrawnScenario {
 public:
  std::string_view name() const override { return "read-mostly"; }
  std::string_view about() const override { return "readers together, with a rare write where the map allows it"; }
  bool applies(OpMask operations) const override { return (operations & const_ops) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use != ConcurrentUse::none && applies(concurrent_ops(claims, operations));
  }

 private:
  bool bears_population() const override { return true; }
  bool bears_crowds() const override { return true; }
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, {}, from.options);
    const Keys keys = draw_keys(draw, 6, from.options);
    program.prefill = draw_prefill(draw, keys, 8, from.alone, from.options);

    Mix mix;
    mix.reads.add(from.together, key_reads, 3).add(from.together, const_ops & ~key_reads);
    mix.writes.add(from.together, point_writes);
    mix.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 10;
    for (const unsigned count : shape) {
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) thread.push_back(mix.one(draw, keys));
    }
    ensure_write(draw, mix, keys, program);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& read_mostly() {
  static const ReadMostly scenario;
  return scenario;
}

}  // namespace mapquake
