#include "harness/shrink/timeline.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace mapquake {
namespace {

/// The switches of one thread that have not been made.
struct Remaining {
  std::vector<std::size_t> switches;
  std::size_t next = 0;
  bool ended = false;
};

/// Switching to oneself is no switch: the choice is dropped instead.
void retarget(std::vector<Choice>& choices, std::vector<bool>& dropped, std::size_t index, std::uint32_t to) {
  choices[index].take = to;
  if (choices[index].thread == to) dropped[index] = true;
}

}  // namespace

std::vector<std::size_t> in_time_order(const Case& input) {
  std::map<ThreadId, Remaining> threads;
  for (std::size_t thread = 0; thread < input.program.threads.size(); ++thread) {
    threads[static_cast<ThreadId>(thread + 1)];
  }
  std::size_t total = 0;
  for (std::size_t i = 0; i < input.choices.size(); ++i) {
    if (input.choices[i].kind != ChoiceKind::schedule) continue;
    threads[input.choices[i].thread].switches.push_back(i);
    ++total;
  }

  std::vector<std::size_t> order;
  ThreadId current = main_thread;
  while (order.size() < total) {
    Remaining& here = threads[current];
    if (here.next < here.switches.size()) {
      const Choice& choice = input.choices[here.switches[here.next]];
      order.push_back(here.switches[here.next++]);
      current = static_cast<ThreadId>(choice.take);
      continue;
    }
    // The main thread waits for the others, and is asked again whenever one of them has ended.
    here.ended = true;
    threads[main_thread].ended = threads[main_thread].next == threads[main_thread].switches.size();
    const auto ready =
        std::find_if(threads.begin(), threads.end(), [](const auto& item) { return !item.second.ended; });
    if (ready == threads.end()) break;
    current = ready->first;
  }
  for (const auto& [thread, remaining] : threads) {
    for (std::size_t i = remaining.next; i < remaining.switches.size(); ++i) order.push_back(remaining.switches[i]);
  }
  MQ_ASSERT(order.size() == total);
  return order;
}

std::vector<std::size_t> in_time_order(const Case& input, const Trace& trace) {
  using Address = std::tuple<ThreadId, std::uint16_t, std::uint32_t>;
  std::map<Address, std::size_t> made;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& event = trace.events[i];
    if (event.kind == EventKind::switched) made.try_emplace(Address(event.thread, event.op, event.event), i);
  }
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t i = 0; i < input.choices.size(); ++i) {
    const Choice& choice = input.choices[i];
    if (choice.kind != ChoiceKind::schedule) continue;
    const auto at = made.find(Address(choice.thread, choice.op, choice.event));
    order.emplace_back(at == made.end() ? trace.events.size() : at->second, i);
  }
  std::ranges::sort(order);
  std::vector<std::size_t> indexes;
  for (const auto& [position, index] : order) indexes.push_back(index);
  return indexes;
}

std::optional<Case> without_switch(const Case& input, const std::vector<std::size_t>& order, std::size_t at,
                                   Merge merge) {
  MQ_ASSERT(at < order.size());
  const Choice gone = input.choices[order[at]];
  const auto is_back = [&](std::size_t index) { return input.choices[index].take == gone.thread; };
  const auto is_next = [&](std::size_t index) { return input.choices[index].thread == gone.thread; };
  Case output = input;
  std::vector<bool> dropped(input.choices.size(), false);
  dropped[order[at]] = true;

  if (merge == Merge::start_later) {
    if (at == 0 || !is_back(order[at - 1])) return std::nullopt;
    retarget(output.choices, dropped, order[at - 1], gone.take);
  } else {
    const auto after = order.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    const auto back = std::find_if(after, order.end(), is_back);
    const auto next = std::find_if(after, order.end(), is_next);
    if (next != order.end()) {
      if (back != order.end()) retarget(output.choices, dropped, *back, input.choices[*next].take);
      retarget(output.choices, dropped, *next, gone.take);
    } else if (back != order.end()) {
      dropped[*back] = true;
    }
  }
  std::vector<Choice> kept;
  for (std::size_t i = 0; i < output.choices.size(); ++i) {
    if (!dropped[i]) kept.push_back(output.choices[i]);
  }
  output.choices = std::move(kept);
  return output;
}

}  // namespace mapquake
