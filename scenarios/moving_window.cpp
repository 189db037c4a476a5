// A stream of fresh keys: what is read is what was written last, and what has left the window is erased. Sessions,
// caches and metrics by minute look like this. The property is that of mixed-operations; what differs is that the set
// of keys moves on, so that whatever a map keeps of keys that are gone adds up.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

#include <algorithm>

namespace mapquake {
namespace {

class MovingWindow final : public DrawnScenario {
 public:
  std::string_view name() const override { return "moving-window"; }
  std::string_view about() const override { return "a stream of fresh keys; the latest are read, the oldest erased"; }
  bool applies(OpMask operations) const override {
    return (operations & adding_ops) != 0 && (operations & point_reads) != 0;
  }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  bool keys_follow_each_other() const override { return true; }
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, {.threads_max = 4, .operations_max = 8}, from.options);
    const unsigned window = from.options.keys != 0 ? from.options.keys : draw.growing(1, 8);
    const std::size_t present = from.options.prefill.value_or(window);
    program.prefill = consecutive(1, std::min(present, program_prefill_max));
    const unsigned write_percent = from.options.write_percent != 0 ? from.options.write_percent : draw.between(10, 60);

    Menu adding, reading, erasing;
    adding.add(from.together, adding_ops);
    reading.add(from.together, point_reads);
    erasing.add(from.together, erasing_ops);
    auto newest = static_cast<std::int64_t>(program.prefill.size());
    for (const unsigned count : shape) {
      auto& thread = program.threads.emplace_back();
      for (unsigned i = 0; i < count; ++i) {
        // Now and then beyond the window's end: a key that is not there yet.
        const std::int64_t hot = std::max<std::int64_t>(1, newest + 1 - draw.between(0, window));
        const bool last = program.threads.size() == shape.size() && i + 1 == count;
        const bool none_fresh = newest == static_cast<std::int64_t>(program.prefill.size());
        if (last && none_fresh) {
          thread.push_back({adding.one(draw), ++newest, 0});
        } else if (!draw.chance(write_percent)) {
          thread.push_back({reading.one(draw), hot, 0});
        } else if (newest > window && !erasing.empty() && draw.chance(50)) {
          thread.push_back({erasing.one(draw), newest - window, 0});
        } else {
          thread.push_back({adding.one(draw), ++newest, 0});
        }
      }
    }
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& moving_window() {
  static const MovingWindow scenario;
  return scenario;
}

}  // namespace mapquake
