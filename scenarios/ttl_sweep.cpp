// One thread sweeps out what has expired while requests refresh, read and add entries. The property: what the sweeper
// says it took out is what it took out. An entry that is refreshed between the sweeper's look and its deletion is not
// the one that had expired, and stays.
#include "scenarios/allowed.hpp"
#include "scenarios/drawn_scenario.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

/// What gives an entry that is there another value.
constexpr OpMask refreshing_ops = operations_where([](const OperationTraits& t) {
  return t.action == Action::assign || t.action == Action::update || t.action == Action::replace ||
         t.action == Action::compare_exchange || t.action == Action::upsert;
});

class TtlSweep final : public DrawnScenario {
 public:
  std::string_view name() const override { return "ttl-sweep"; }
  std::string_view about() const override { return "one thread sweeps expired entries, others refresh, read and add"; }
  bool applies(OpMask operations) const override {
    return (operations & op_bit(OpKind::erase_if)) != 0 && (operations & refreshing_ops) != 0;
  }
  bool claimed(const Claims& claims, OpMask operations) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations && applies(concurrent_ops(claims, operations));
  }

 private:
  Program draw_program(Draw& draw, const Ingredients& from) const override {
    Program program;
    const std::vector<unsigned> shape = draw_shape(draw, {.threads_max = 4, .operations_max = 4}, from.options);
    const Keys keys = draw_keys(draw, 8, from.options);
    program.prefill = draw_prefill(draw, keys, 8, from.alone, from.options);
    if (program.prefill.empty() && !from.options.prefill && (from.alone & adding_ops) != 0)
      program.prefill = consecutive(1, draw.growing(1, 4));

    Mix requests;
    requests.reads.add(from.together, key_reads).add(from.together, ops(OpKind::sleep));
    requests.writes.add(from.together, refreshing_ops, 4).add(from.together, adding_ops);
    requests.write_percent = from.options.write_percent != 0 ? from.options.write_percent : 70;
    // Which half has expired: that of one parity, then that of the other.
    std::int64_t parity = draw.between(0, 1);
    for (unsigned thread = 0; thread < shape.size(); ++thread) {
      auto& operations = program.threads.emplace_back();
      for (unsigned i = 0; i < shape[thread]; ++i) {
        if (thread == 0) {
          operations.push_back({OpKind::erase_if, parity, 0});
          parity ^= 1;
        } else {
          operations.push_back(requests.one(draw, keys));
        }
      }
    }
    ensure_write(draw, requests, keys, program, 0);
    draw_construction(draw, from.options, program);
    return program;
  }
};

}  // namespace

const Scenario& ttl_sweep() {
  static const TtlSweep scenario;
  return scenario;
}

}  // namespace mapquake
