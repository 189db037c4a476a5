#include "harness/shrink/passes.hpp"

#include "harness/shrink/candidates.hpp"
#include "harness/shrink/remap.hpp"
#include "harness/shrink/timeline.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

/// Tries to leave out slices, from the end, halving their length. `count` tells how many there are in the best case,
/// `without` makes the candidate that lacks [begin, end).
template <class Count, class Attempt>
bool leave_out(Session& session, Count count, Attempt attempt) {
  bool any = false;
  for (std::size_t chunk = std::max<std::size_t>(count() / 2, 1); chunk > 0; chunk /= 2) {
    for (std::size_t end = count(); end > 0 && !session.spent();) {
      const std::size_t begin = end > chunk ? end - chunk : 0;
      any |= attempt(begin, end);
      end = std::min(begin, count());
    }
  }
  return any;
}

/// Of all that choose and are chosen.
ThreadId highest_thread(const Case& input) {
  ThreadId highest = main_thread;
  for (const Choice& choice : input.choices) {
    highest = std::max(highest, choice.thread);
    if (choice.kind == ChoiceKind::schedule) highest = std::max(highest, static_cast<ThreadId>(choice.take));
  }
  return highest;
}

/// The first thread that is not needed, with the answers that start it: any that stand together.
bool one_started_thread_less(Session& session) {
  constexpr std::size_t answers_max = 32;
  const Case best = session.best();
  const auto is_answer = [](const Choice& choice) { return choice.kind == ChoiceKind::adapter; };
  const auto from = std::ranges::find_if(best.choices, is_answer);
  const auto first = static_cast<std::size_t>(from - best.choices.begin());
  const auto last =
      static_cast<std::size_t>(std::find_if_not(from, best.choices.end(), is_answer) - best.choices.begin());
  if (last - first > answers_max) return false;
  for (ThreadId id = highest_thread(best); id > best.program.threads.size(); --id) {
    for (std::size_t begin = first; begin < last; ++begin) {
      for (std::size_t end = begin + 1; end <= last; ++end) {
        if (session.spent()) return false;
        if (session.attempt(without_started_thread(best, id, begin, end), {})) return true;
      }
    }
  }
  return false;
}

/// The first candidate that is accepted.
bool any_of(Session& session, const std::vector<Program>& candidates, const Effort& effort) {
  for (const Program& candidate : candidates) {
    if (session.spent()) return false;
    if (session.attempt({candidate, session.best().choices}, effort)) return true;
  }
  return false;
}

/// A thread's first insert made a prefill entry; what was chosen in its other operations stays with them.
bool any_insert_hoisted(Session& session, const Effort& effort) {
  for (const Program& candidate : with_insert_hoisted(session.best().program)) {
    std::size_t first = 0;
    for (const auto& operations : session.best().program.threads) {
      Case moved = without_operations(session.best(), first, first + 1);
      first += operations.size();
      if (moved.program.threads != candidate.threads) continue;
      moved.program = candidate;
      if (session.spent()) return false;
      if (session.attempt(moved, effort)) return true;
      break;
    }
  }
  return false;
}

/// `candidates` of the best program, again and again, as long as one is accepted.
template <class Candidates>
bool repeatedly(Session& session, Candidates candidates, const Effort& effort) {
  bool any = false;
  while (any_of(session, candidates(session.best().program), effort)) any = true;
  return any;
}

bool with_other_ages(Session& session, std::uint32_t depth, std::uint32_t runs) {
  const Case best = session.best();
  for (const std::vector<Choice>& choices : other_ages(faults_of(best.choices))) {
    if (session.spent()) return false;
    if (session.search(best.program, choices, depth, {.bounded_runs = runs}).accepted) return true;
  }
  return false;
}

/// Of `all`, those for which `kept` has nothing of the same kind and answer.
std::vector<Choice> missing(std::vector<Choice> all, std::span<const Choice> kept) {
  for (const Choice& choice : kept) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Choice& other) {
      return other.kind == choice.kind && other.take == choice.take;
    });
    if (same != all.end()) all.erase(same);
  }
  return all;
}

}  // namespace

bool fewer_threads(Session& session, const Effort& effort) {
  bool any = false;
  for (std::size_t thread = session.best().program.threads.size(); thread-- > 0 && !session.spent();) {
    const std::size_t threads = session.best().program.threads.size();
    if (threads < 2) break;
    if (thread < threads) any |= session.attempt(without_thread(session.best(), thread), effort);
  }
  // Their choices fit none of the merged programs, so without a search these would be wasted runs.
  if (effort.bounded_runs == 0 && effort.random_runs == 0) return any;
  any |= repeatedly(session, with_threads_merged, effort);
  while (any_insert_hoisted(session, effort)) any = true;
  return any;
}

bool fewer_operations(Session& session, const Effort& effort) {
  const auto count = [&] { return session.best().program.operation_count(); };
  return leave_out(session, count, [&](std::size_t begin, std::size_t end) {
    if (end - begin == count()) return false;  // a program has at least one operation
    const Case candidate = without_operations(session.best(), begin, end);
    if (session.attempt(candidate, effort)) return true;
    if (effort.place_runs == 0 || end - begin != 1) return false;
    // All that the operation was good for may be the fault that struck there.
    const std::vector<Choice> kept = faults_of(candidate.choices);
    const std::vector<Choice> lost = missing(faults_of(session.best().choices), kept);
    return lost.size() == 1 && session.strike_elsewhere(candidate.program, kept, lost.front(), effort.place_runs);
  });
}

bool searched_without_fault(Session& session, const Case& candidate, const Effort& effort) {
  // A preemption may do what the fault did, a delay for one: it counts no more, and is simpler.
  return session.search(candidate.program, faults_of(candidate.choices), session.depth() + 1, effort).accepted;
}

bool fewer_prefill_entries(Session& session, const Effort& effort) {
  const auto count = [&] { return session.best().program.prefill.size(); };
  bool any = leave_out(session, count, [&](std::size_t begin, std::size_t end) {
    return session.attempt(without_prefill(session.best(), begin, end), effort);
  });
  for (const Program& made : with_filling_made(session.best().program)) {
    Case candidate{made, session.best().choices};
    std::erase_if(candidate.choices, [](const Choice& choice) { return choice.thread != main_thread; });
    if (session.spent() || !session.attempt(candidate, effort)) continue;
    any = true;
    break;
  }
  return any;
}

bool fewer_choices(Session& session) {
  std::vector<std::size_t> order;
  const auto count = [&] {
    order = in_time_order(session.best());
    return order.size();
  };
  bool any = count() > 1 && session.replay({session.best().program, faults_of(session.best().choices)});
  // Slices of time, the end first: what comes after the failure was decided is of no use.
  any |= leave_out(session, count, [&](std::size_t begin, std::size_t end) {
    return session.replay(without_choices(session.best(), std::span(order).subspan(begin, end - begin)));
  });
  for (std::size_t at = count(); at-- > 0 && !session.spent();) {
    for (const Merge merge : {Merge::run_on, Merge::start_later}) {
      const std::optional<Case> candidate = without_switch(session.best(), order, at, merge);
      if (!candidate || !session.replay(*candidate)) continue;
      any = true;
      at = std::min(at, count());
      break;
    }
  }
  return any;
}

bool fewer_faults(Session& session, const Effort& effort) {
  bool any = false;
  for (std::size_t i = session.best().choices.size(); i-- > 0 && !session.spent();) {
    if (i >= session.best().choices.size()) continue;
    if (session.best().choices[i].kind == ChoiceKind::schedule) continue;
    const Case candidate = without_choices(session.best(), std::array{i});
    if (session.replay(candidate) || searched_without_fault(session, candidate, effort)) {
      any = true;
      continue;
    }
    for (std::uint32_t take = 1; take < std::min(session.best().choices[i].take, 9u); ++take) {
      Case smaller = session.best();
      smaller.choices[i].take = take;
      if (!session.replay(smaller)) continue;
      any = true;
      break;
    }
  }
  return any;
}

bool fewer_started_threads(Session& session) {
  bool any = false;
  while (one_started_thread_less(session)) any = true;
  return any;
}

bool simpler_arguments(Session& session, const Effort& effort) {
  bool any = repeatedly(session, with_plain_construction, effort);
  any |= repeatedly(session, with_smaller_keys, effort);
  any |= repeatedly(session, with_plain_values, effort);
  any |= repeatedly(session, with_threads_swapped, effort);
  return any;
}

bool shorter_schedule(Session& session) {
  constexpr std::size_t long_schedule = 16;
  const auto is_switch = [](const Choice& choice) { return choice.kind == ChoiceKind::schedule; };
  bool any = false;
  for (bool shorter = true; shorter && !session.spent();) {
    shorter = false;
    if (std::ranges::count_if(session.best().choices, is_switch) < static_cast<std::ptrdiff_t>(long_schedule)) break;
    const Case best = session.best();
    const std::vector<std::size_t> order = in_time_order(best, session.trace_of_best());
    for (std::size_t kept = 0; kept < order.size() && !shorter && !session.spent();
         kept = std::max(kept * 2, kept + 1)) {
      shorter = session.replay(without_choices(best, std::span(order).subspan(kept)));
    }
    any |= shorter;
  }
  return any;
}

bool calmer_schedule(Session& session, std::uint32_t runs) {
  constexpr std::uint32_t rounds_max = 8;
  bool any = false;
  for (std::uint32_t round = 0; round < rounds_max && !session.spent(); ++round) {
    if (session.execution().preemptions <= Session::depth_max) break;
    any |= session.sample(runs, round);
  }
  return any;
}

PreemptionsResult fewer_preemptions(Session& session, std::uint32_t runs) {
  PreemptionsResult result;
  while (!session.spent()) {
    const std::uint32_t preemptions = session.execution().preemptions;
    result.exhausted = preemptions == 0;
    if (preemptions == 0) break;
    const std::vector<Choice> faults = faults_of(session.best().choices);
    const Session::Found found =
        session.search(session.best().program, faults, preemptions - 1,
                       {.bounded_runs = runs, .place_runs = faults.empty() ? 0 : runs, .order_runs = runs});
    result.exhausted = found.exhausted && preemptions - 1 <= Session::depth_max;
    if (!found.accepted && !with_other_ages(session, preemptions - 1, runs)) break;
    result.accepted = true;
  }
  return result;
}

}  // namespace mapquake
