#include "harness/shrink/passes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace mapquake {
namespace {

constexpr std::size_t places_max = 96;  ///< of one preemption

bool is_plain(EventKind kind) {
  return kind == EventKind::read || kind == EventKind::write;
}

/// Not a place of the thread's own code, but something that happened to it.
bool is_remark(EventKind kind) {
  return kind == EventKind::blocked || kind == EventKind::resumed || kind == EventKind::switched ||
         kind == EventKind::fault || kind == EventKind::stale_read || kind == EventKind::stale_write ||
         kind == EventKind::op_end;
}

/// For each address that a trace touches: by one thread, or by several.
class SharedAddresses {
 public:
  explicit SharedAddresses(const Trace& trace) {
    for (const TraceEvent& event : trace.events) {
      if (!is_plain(event.kind)) continue;
      const auto [owner, is_new] = owners_.try_emplace(event.address, event.thread);
      if (!is_new && owner->second != event.thread) shared_.insert(event.address);
    }
  }
  bool contains(std::uint64_t address) const { return shared_.contains(address); }

 private:
  std::map<std::uint64_t, ThreadId> owners_;
  std::set<std::uint64_t> shared_;
};

/// Events of the choice's operation at which its thread could be told to have stood, ascending.
std::vector<std::uint32_t> places_of(const Choice& choice, const Trace& trace, const SharedAddresses& shared) {
  std::set<std::uint32_t> places;
  for (const TraceEvent& event : trace.events) {
    if (event.thread != choice.thread || event.op != choice.op || event.event == choice.event) continue;
    if (is_remark(event.kind) || (is_plain(event.kind) && !shared.contains(event.address))) continue;
    places.insert(event.event);
    if (places.size() > places_max) places.erase(std::prev(places.end()));
  }
  return {places.begin(), places.end()};
}

}  // namespace

bool better_places(Session& session) {
  if (session.spent() || session.execution().preemptions == 0) return false;
  const Trace trace = session.trace_of_best();
  const SharedAddresses shared(trace);
  const std::vector<Choice> choices = session.best().choices;
  const std::size_t improvements = session.improvements();
  for (std::size_t at = 0; at < choices.size(); ++at) {
    if (choices[at].kind != ChoiceKind::schedule) continue;
    for (const std::uint32_t place : places_of(choices[at], trace, shared)) {
      if (session.spent() || session.best().choices.size() != choices.size()) break;
      Case candidate = session.best();
      candidate.choices[at].event = place;
      std::ranges::sort(candidate.choices);
      session.replay(candidate);
    }
  }
  return session.improvements() > improvements;
}

}  // namespace mapquake
