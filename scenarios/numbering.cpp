// Values for programs, and keys that the map's types can hold.
#include "harness/history/program_numbers.hpp"
#include "scenarios/ingredients.hpp"

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

struct Ordinary {
  std::int64_t first;
  std::uint64_t room;  ///< so many from there on
};

/// Small positive ones, where there are such; 0 is what a value is before anything was written.
Ordinary ordinary(Numbers can_hold) {
  const std::int64_t first = can_hold.last >= 1 ? std::max<std::int64_t>(can_hold.first, 1) : can_hold.first;
  return {first, static_cast<std::uint64_t>(can_hold.last) - static_cast<std::uint64_t>(first) + 1};
}

/// Calls `visit` for each place that holds a value, in the order in which they are numbered: entries, then operations.
template <class Visit>
void for_each_value(Program& program, Visit visit) {
  for (auto& entry : program.prefill) visit(entry.value, false);
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (writes_value(operation.kind) || adds_amount(operation.kind)) {
        visit(operation.value, adds_amount(operation.kind));
      }
    }
  }
}

/// Requires that not all is held, so that there are fewer than 2^63 of them.
void number_within(Numbers can_hold, Program& program) {
  const Ordinary numbers = ordinary(can_hold);
  std::uint64_t amounts = 0;
  for_each_value(program, [&](std::int64_t, bool is_amount) { amounts += is_amount; });
  // However often values are used again, what is added to the greatest of them can be held, too.
  std::uint64_t adding = std::min(amounts, numbers.room - 1);
  const std::uint64_t usable = numbers.room - adding;
  std::uint64_t next = 0;
  for_each_value(program, [&](std::int64_t& value, bool is_amount) {
    if (is_amount) {
      value = adding == 0 ? 0 : 1;
      adding -= adding == 0 ? 0 : 1;
    } else {
      value = numbers.first + static_cast<std::int64_t>(next++ % usable);
    }
  });
}

}  // namespace

void number_values(Program& program, Numbers can_hold) {
  std::size_t most = program.prefill.size();
  for (const auto& entry : program.prefill) most = std::max(most, static_cast<std::size_t>(entry.key));
  for (const auto& thread : program.threads) most = std::max(most, thread.size());
  std::int64_t stride = 10;
  while (stride <= static_cast<std::int64_t>(most)) stride *= 10;

  for (auto& entry : program.prefill) entry.value = entry.key;
  if (program.construct_from_range) {  // with a key twice, the second entry is the last one (draw_construction)
    abi::Entry& last = program.prefill.back();
    const auto others = std::span(program.prefill).first(program.prefill.size() - 1);
    if (std::ranges::find(others, last.key, &abi::Entry::key) != others.end()) last.value = stride;
  }
  const std::int64_t above_all = stride * static_cast<std::int64_t>(program.threads.size() + 1);
  unsigned updates = 0;
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    for (std::size_t op = 0; op < program.threads[thread].size(); ++op) {
      Operation& operation = program.threads[thread][op];
      if (writes_value(operation.kind)) {
        operation.value = stride * static_cast<std::int64_t>(thread + 1) + static_cast<std::int64_t>(op + 1);
      } else if (adds_amount(operation.kind)) {
        operation.value = above_all << (updates++ % 20);
      } else {
        operation.value = 0;
      }
    }
  }
  if (!values_within(can_hold, program)) number_within(can_hold, program);
}

void fit_keys(Numbers can_hold, Program& program) {
  if (!can_hold.stated()) return;
  const auto [first, room] = ordinary(can_hold);
  bool changed = false;
  for (std::int64_t* const key : keys_named(program)) {
    if (can_hold.contains(*key)) continue;
    *key = first + static_cast<std::int64_t>(static_cast<std::uint64_t>(*key) % room);
    changed = true;
  }
  if (!changed) return;
  std::set<std::int64_t> seen;
  std::erase_if(program.prefill, [&](const abi::Entry& entry) { return !seen.insert(entry.key).second; });
  if (program.prefill.empty()) program.construct_from_range = false;
}

}  // namespace mapquake
