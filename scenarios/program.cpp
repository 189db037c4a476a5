// The scenario of programs (mapquake/program.hpp): their own code is all that runs, so there is nothing to draw. The
// property: they end, by themselves, without any failure.
#include "scenarios/registry.hpp"

namespace mapquake {
namespace {

class ProgramScenario final : public Scenario {
 public:
  std::string_view name() const override { return "program"; }
  std::string_view about() const override { return "a program of its own, from its entry point to its end"; }
  bool applies(OpMask operations) const override { return (operations & op_bit(OpKind::run)) != 0; }
  bool claimed(const Claims& claims, OpMask operations) const override {
    (void)claims;
    return applies(operations);
  }
  Program generate(std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                   const ScenarioOptions& options) const override {
    (void)seed, (void)size, (void)claims, (void)operations, (void)options;
    Program program;
    program.threads = {{{OpKind::run, 0, 0}}};
    return program;
  }
};

}  // namespace

const Scenario& program() {
  static const ProgramScenario scenario;
  return scenario;
}

}  // namespace mapquake
