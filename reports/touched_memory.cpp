#include "reports/touched_memory.hpp"

#include "harness/history/phrases.hpp"
#include "harness/history/witness_words.hpp"
#include "reports/frames.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {
namespace {

/// ", allocated at my_map.hpp:31 by B's insert(1, 10)".
std::string event_text(const Execution& execution, const SiteFunction& site, Role role) {
  const auto witness =
      std::ranges::find_if(execution.threads, [&](const Witness& w) { return w.standing.role == role; });
  if (witness == execution.threads.end()) return {};
  std::string text = role == Role::freed ? ", freed" : ", allocated";
  TraceEvent event;
  event.kind = EventKind::alloc;
  if (!witness->stack.empty()) {
    event.pc = witness->stack.front();
    const std::size_t callers = std::min(witness->stack.size() - 1, event.callers.size());
    std::copy_n(witness->stack.begin() + 1, callers, event.callers.begin());
    // The map itself is allocated by the adapter API's glue.
    const std::string place = place_of(event, site).is_standard() ? "" : to_string(place_in_words(event, site));
    if (!place.empty()) text += " at " + place;
  }
  std::string by = name_of_call(execution.history, witness->thread, witness->op);
  if (by.empty() && witness->thread != main_thread) by = "thread " + thread_name(witness->thread);
  return by.empty() ? text : text + " by " + by;
}

std::string of_block(const Execution& execution, const SiteFunction& site) {
  const TouchedMemory& touched = execution.touched;
  std::string text = "a block of " + counted_bytes(touched.bytes);
  const std::uint64_t end = touched.block + touched.bytes;
  if (touched.address < touched.block) {
    text = fmt::format("{} in front of {}", counted(touched.block - touched.address, "byte"), text);
  } else if (touched.address >= end) {
    text = fmt::format("{} behind the end of {}", counted(touched.address - end, "byte"), text);
  } else {
    text = fmt::format("offset {} of {}", touched.address - touched.block, text);
  }
  return text + event_text(execution, site, Role::allocated) + event_text(execution, site, Role::freed) + ".";
}

}  // namespace

std::string touched_memory_text(const Execution& execution, const SiteFunction& site, std::size_t width) {
  const TouchedMemory& touched = execution.touched;
  if (touched.address == 0) return {};
  if (touched.block != 0) return wrapped("Memory: ", of_block(execution, site), width);
  if (touched.stack_of != UINT16_MAX) {
    const std::string owner = touched.stack_of == main_thread ? "main" : "thread " + thread_name(touched.stack_of);
    return wrapped("Memory: ", fmt::format("a local variable on the stack of {}.", owner), width);
  }
  const Site& object = site(touched.address + 1);
  if (object.line != 0 || object.function.empty()) return {};
  return wrapped("Memory: ", fmt::format("the global object {}.", object.function), width);
}

}  // namespace mapquake::reports
