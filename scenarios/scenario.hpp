// A scenario is a property: a generator of programs and the claims it needs. It never names a map.
#pragma once

#include "harness/history/program.hpp"

#include <mapquake/claims.hpp>
#include <mapquake/convert.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mapquake {

/// Numbers of entries at which a map allocates more than usual, ascending, 0 where there are no more.
using GrowthSizes = std::array<std::uint16_t, 8>;

/// Sizes and mixes, all options of the command line; 0, and of the prefill none, means the scenario's own default.
struct ScenarioOptions {
  unsigned threads = 0;
  unsigned operations = 0;  ///< per thread
  unsigned keys = 0;        ///< size of the key space
  std::optional<unsigned> prefill = {};
  unsigned write_percent = 0;
  bool hash_given = false;
  abi::HashMode hash = abi::HashMode::good;
  bool spike = false;        ///< programs get bursts of threads and operations (--faults spike; spike.hpp)
  bool bounded = false;      ///< the map takes a capacity: programs state one, small enough to be exceeded
  std::uint64_t ttl_ms = 0;  ///< entries expire after so long: programs sleep for about that, and for half of it
  // What the map's types can hold (mapquake/convert.hpp); not stated: anything.
  Numbers key_numbers{};
  Numbers value_numbers{};
  // What the campaign has learned of the map (campaign/map_probe.hpp).
  GrowthSizes growth_sizes{};
  std::uint16_t special_keys = 0;  ///< bit per element of scenarios/special_keys.hpp that it keeps
};

class Scenario {
 public:
  virtual ~Scenario() = default;
  virtual std::string_view name() const = 0;
  /// One line for `mapquake list`.
  virtual std::string_view about() const = 0;
  /// Can the scenario make programs out of these operations at all?
  virtual bool applies(OpMask operations) const = 0;
  /// Does the map claim what the programs will ask (concurrent use, iteration during writes)?
  virtual bool claimed(const Claims& claims, OpMask operations) const = 0;
  /// A program, determined by the arguments alone. `size` grows from 1 to 100 over a campaign (rapidcheck's size).
  /// Uses only operations in `operations`; where the map claims the scenario, only combinations that it claims.
  virtual Program generate(std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                           const ScenarioOptions& options) const = 0;
  /// Whether others can be bred of such a program of this scenario.
  virtual bool can_breed(const Program&) const { return false; }
  /// `program`, wherever it comes from, as one of this scenario for this map: with values of its own. Empty where
  /// others cannot be bred of it, or where it asks for what the map does not have or claim.
  virtual std::optional<Program> adopt(Program /*program*/, std::uint64_t /*seed*/, const Claims&, OpMask,
                                       const ScenarioOptions&) const {
    return std::nullopt;
  }
  /// A program like `kept`, an earlier one of this scenario for this map, with parts of the one that generate() makes
  /// of the other arguments (breeding.hpp); or that one, where the two cannot be mixed. Determined by the arguments
  /// alone, and with what generate() says of its programs.
  virtual Program breed(const Program& /*kept*/, std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                        const ScenarioOptions& options) const {
    return generate(seed, size, claims, operations, options);
  }
  /// True: every program is run once for each failure that can be injected into each of its operations (run/sweep.hpp),
  /// not under random ones.
  virtual bool sweeps_failures() const { return false; }
};

/// All scenarios, in the order in which they are listed and run. Static lifetime.
std::span<const Scenario* const> all_scenarios();
/// Null if there is none of that name.
const Scenario* find_scenario(std::string_view name);

/// What `mapquake prove` asks of a map: scenarios/pairs.cpp. The operations that the map claims may run together, in
/// the order of the table of operations.
std::vector<OpKind> pairable_operations(const Claims& claims, OpMask operations);
/// Programs of two threads with one or two operations each, all of the two kinds, smallest first: on one key, and on
/// two that the threads touch in different orders; each on an empty map and on one with both keys (where something can
/// add them). No two are equal.
std::vector<Program> programs_of_pair(OpKind one, OpKind other, OpMask operations);

}  // namespace mapquake
