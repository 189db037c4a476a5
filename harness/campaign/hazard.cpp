#include "harness/campaign/hazard.hpp"

#include "harness/choice/choice.hpp"

namespace mapquake {

std::string_view name_of(Hazard hazard) {
  switch (hazard) {
    case Hazard::schedules:
      return "schedules";
    case Hazard::failures:
      return "failures";
    case Hazard::disturbances:
      return "disturbances";
    case Hazard::weak_memory:
      return "weak-memory";
    case Hazard::as_asked:
      return "as asked";
  }
  return "";
}

bool parse_hazards(std::string_view text, HazardMask& chosen, std::string& wrong) {
  HazardMask found = 0;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());
    HazardMask named = 0;
    for (const Hazard hazard : {Hazard::schedules, Hazard::failures, Hazard::disturbances, Hazard::weak_memory}) {
      if (word == name_of(hazard)) named = hazard_bit(hazard);
    }
    if (named == 0) {
      wrong = word;
      return false;
    }
    found |= named;
  }
  chosen = found;
  return true;
}

std::string_view sentence_for(Hazard hazard) {
  switch (hazard) {
    case Hazard::schedules:
      return "the order of the threads";
    case Hazard::failures:
      return "allocations that fail, user code that throws, declared points that fire";
    case Hazard::disturbances:
      return "delays, pauses, time-outs, clock jumps, spurious wake-ups and failures, reused blocks, stalls, other "
             "environments";
    case Hazard::weak_memory:
      return "atomic loads that read older values (c11)";
    case Hazard::as_asked:
      return "as asked";
  }
  return "";
}

std::uint32_t fault_mask_of(Hazard hazard) {
  using enum ChoiceKind;
  switch (hazard) {
    case Hazard::schedules:
    case Hazard::as_asked:
      return 0;
    case Hazard::failures:
      return exception_kinds;
    case Hazard::disturbances:
      return fault_bit(delay) | fault_bit(pause) | fault_bit(spurious_wake) | fault_bit(spurious_cas) |
             fault_bit(try_fail) | fault_bit(timeout) | fault_bit(clock_jump) | fault_bit(reuse) | fault_bit(crash) |
             environment_kinds;
    case Hazard::weak_memory:
      return fault_bit(stale_read);
  }
  return 0;
}

bool applies(Hazard hazard, const MapInfo& map) {
  switch (hazard) {
    case Hazard::failures:
      return !map.is_program() && (map.claims.on_bad_alloc != ExceptionGuarantee::none || map.expected.faults != 0);
    case Hazard::weak_memory:
      return map.unseen_libraries.empty();
    default:
      return true;
  }
}

}  // namespace mapquake
