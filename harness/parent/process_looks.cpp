// ProcessExecutor's looks at the map. A look that breaks its worker has an answer as any other.
#include "harness/base/assert.hpp"
#include "harness/parent/process_executor.hpp"

#include <algorithm>
#include <iterator>

namespace mapquake {

std::vector<MapState> ProcessExecutor::look(const Case& input, std::span<const std::uint64_t> moments) {
  constexpr unsigned deaths_max = 3;
  MQ_ASSERT(moments.size() <= looks_max && std::ranges::is_sorted(moments));
  const bool can_be_asked = !is_program(map_.operations) || map_.has_dump;
  if (!can_be_asked || moments.empty()) return {};
  std::vector<MapState> states;
  double seconds_left = looks_seconds_max;
  for (unsigned deaths = 0; deaths < deaths_max && states.size() < moments.size(); ++deaths) {
    const auto rest = moments.subspan(states.size());
    const Served served = serve(LookTask{input, {rest.begin(), rest.end()}, seconds_left}, cut_off_, nullptr);
    if (auto answer = slot_.answer_as<LookAnswer>()) {
      std::ranges::move(answer->states, std::back_inserter(states));
      seconds_left = answer->seconds_left;
    }
    if (served.end != Served::End::crashed || states.size() >= moments.size()) break;
    states.push_back({.at = moments[states.size()], .sight = Sight::broke, .outcome = served.blamed.outcome});
  }
  while (states.size() < moments.size()) states.push_back({.at = moments[states.size()]});
  return states;
}

}  // namespace mapquake
