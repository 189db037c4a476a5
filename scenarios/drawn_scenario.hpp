// A scenario whose programs are drawn: what all of them have in common.
#pragma once

#include "scenarios/draw.hpp"
#include "scenarios/scenario.hpp"

namespace mapquake {

/// What a program may be made of.
struct Ingredients {
  OpMask together;  ///< operations that may run at the same time; where the map does not claim the scenario, all
  OpMask alone;     ///< all that the map has
  const ScenarioOptions& options;
  bool claims_concurrency = true;  ///< the map claims that all of `together` may run together
};

class DrawnScenario : public Scenario {
 public:
  Program generate(std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                   const ScenarioOptions& options) const final;
  bool can_breed(const Program& program) const final;
  std::optional<Program> adopt(Program program, std::uint64_t seed, const Claims& claims, OpMask operations,
                               const ScenarioOptions& options) const final;
  Program breed(const Program& kept, std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                const ScenarioOptions& options) const final;

 private:
  /// Keys, operations, prefill, construction. Values are added afterwards (number_values).
  virtual Program draw_program(Draw& draw, const Ingredients& from) const = 0;
  /// Keys must keep their numbers; else every other program has them scattered, and one in 8 has a special one.
  virtual bool keys_follow_each_other() const { return false; }
  /// Whether a program that gets a long run (long_run.hpp) is still one of this scenario.
  virtual bool bears_long_runs() const { return false; }
  /// Or a crowd (crowd.hpp).
  virtual bool bears_crowds() const { return bears_long_runs(); }
  /// Whether its programs may happen amid many entries (populated.hpp).
  virtual bool bears_population() const { return false; }
  /// Whether some of its programs are made of phases instead (phases.hpp).
  virtual bool bears_phases() const { return false; }
};

}  // namespace mapquake
