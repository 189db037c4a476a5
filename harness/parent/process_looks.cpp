// ProcessExecutor's looks at the map. A look that breaks its worker has an answer as any other.
#include "harness/base/assert.hpp"
#include "harness/parent/process_executor.hpp"

#include <algorithm>

namespace mapquake {

std::vector<MapState> ProcessExecutor::look(const Case& input, std::span<const std::uint64_t> moments) {
  constexpr unsigned deaths_max = 3;
  MQ_ASSERT(moments.size() <= looks_max && std::ranges::is_sorted(moments));
  const bool can_be_asked = !is_program(map_.operations) || map_.has_dump;
  if (!can_be_asked || moments.empty()) return {};
  SlotHeader& header = slot_.header();
  header.command = Command::look;
  header.trace = true;
  header.may_end_loops_soon = false;
  slot_.write_program(input.program);
  slot_.write_input_choices(input.choices);
  header.look_count = static_cast<std::uint32_t>(moments.size());
  header.looks_done = 0;
  for (std::uint32_t i = 0; i < header.look_count; ++i) slot_.write_look(i, {.at = moments[i]});
  header.seconds_max = looks_seconds_max;
  for (unsigned deaths = 0; deaths < deaths_max && header.looks_done < header.look_count; ++deaths) {
    if (serve(cut_off_, nullptr) != Answer::crashed) break;
    const std::uint32_t broken = std::min(header.looks_done, header.look_count - 1);
    slot_.write_look(broken, {.at = moments[broken], .sight = Sight::broke, .outcome = header.outcome});
    header.looks_done = broken + 1;
  }
  return slot_.read_looks();
}

}  // namespace mapquake
