#include "reports/given.hpp"

#include "harness/history/phrases.hpp"
#include "reports/event_words.hpp"
#include "reports/frames.hpp"
#include "reports/text_format.hpp"

namespace mapquake::reports {

std::vector<std::string> given_facts(const Execution& execution, const SiteFunction& site) {
  std::vector<std::string> facts;
  for (std::size_t i = 0; i < execution.trace.events.size(); ++i) {
    const TraceEvent& event = execution.trace.events[i];
    if (event.thread != main_thread || event.kind != EventKind::fault) continue;
    if (event.value == static_cast<std::uint64_t>(ChoiceKind::schedule)) continue;
    std::string fact = fault_text(execution.trace, i);
    if (const std::string call = name_of_call(execution.history, main_thread, event.op); !call.empty()) {
      fact += ", in " + call;
    }
    if (const Site* const own = own_place_of(event, site)) fact += " at " + mapquake::to_string(*own);
    facts.push_back(std::move(fact));
  }
  return facts;
}

std::string given_text(const Execution& execution, const SiteFunction& site, std::size_t width) {
  std::string text;
  for (const std::string& fact : given_facts(execution, site)) text += wrapped("     given   ", fact, width);
  return text;
}

}  // namespace mapquake::reports
