// A cursor of the simulated map (simulated_map.hpp): of a copy, or from key to key.
#pragma once

#include "harness/base/rng.hpp"
#include "tests/unit/oracle/history_builder.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mapquake::histories {

class SimulatedCursor {
 public:
  static constexpr OpKind kinds[] = {OpKind::cursor_open, OpKind::cursor_step, OpKind::cursor_step, OpKind::cursor_step,
                                     OpKind::cursor_close};
  using Map = std::map<std::int64_t, std::int64_t>;

  SimulatedCursor(Rng& rng, unsigned keys, const Map* copied) : copy_(copied ? std::optional(*copied) : std::nullopt) {
    for (unsigned k = 0; k < keys; ++k) left_.push_back(k);
    rng.shuffle<std::int64_t>(left_);
  }

  /// One key further. True where the step is over.
  bool advance(const Map& map, std::int64_t entries, Reply& reply) {
    reply.count = 1;
    reply.flag = left_.empty();
    if (reply.flag) return true;
    const std::int64_t key = left_.back();
    left_.pop_back();
    const Map& seen = copy_ ? *copy_ : map;
    if (const auto found = seen.find(key); found != seen.end()) reply.visits.push_back({key, found->second, false});
    return static_cast<std::int64_t>(reply.visits.size()) == entries;
  }

 private:
  std::optional<Map> copy_;
  std::vector<std::int64_t> left_;
};

}  // namespace mapquake::histories
