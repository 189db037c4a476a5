#include "scenarios/breeding.hpp"

#include "scenarios/ingredients.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

constexpr std::int64_t key_bred_max = 9'999;
/// What is bred grows, as more operations cover more; a search among small programs gets further.
constexpr std::size_t operations_bred_max = 16;
constexpr std::size_t prefill_bred_max = 32;

std::size_t any_of(Draw& draw, std::size_t count) {
  MQ_ASSERT(count > 0);
  return draw.between(0, static_cast<unsigned>(count) - 1);
}

struct Place {
  std::size_t thread;
  std::size_t op;
};

/// Of the operations of all threads, each as likely as another. Requires that there is one.
Place any_place(Draw& draw, const Program& program) {
  std::size_t left = any_of(draw, program.operation_count());
  for (std::size_t thread = 0;; ++thread) {
    if (left < program.threads[thread].size()) return {thread, left};
    left -= program.threads[thread].size();
  }
}

Operation any_operation(Draw& draw, const Program& program) {
  const Place place = any_place(draw, program);
  return program.threads[place.thread][place.op];
}

std::int64_t any_key(Draw& draw, Program& program) {
  const std::vector<std::int64_t*> keys = keys_named(program);
  return keys.empty() ? 1 : *keys[any_of(draw, keys.size())];
}

bool has_entry(const Program& program, std::int64_t key) {
  return std::ranges::find(program.prefill, key, &abi::Entry::key) != program.prefill.end();
}

void change_prefill(Draw& draw, const Program& other, Program& program) {
  auto& prefill = program.prefill;
  switch (draw.between(0, 3)) {
    case 0:
      if (prefill.empty()) break;
      prefill.erase(prefill.begin() + static_cast<std::ptrdiff_t>(any_of(draw, prefill.size())));
      break;
    case 1:
      if (prefill.size() < 2) break;
      std::swap(prefill[any_of(draw, prefill.size())], prefill[any_of(draw, prefill.size())]);
      break;
    default: {
      Program from = other;
      const std::int64_t key = draw.chance(50) ? any_key(draw, from) : any_key(draw, program);
      if (has_entry(program, key) || prefill.size() >= prefill_bred_max) break;
      prefill.insert(prefill.begin() + static_cast<std::ptrdiff_t>(any_of(draw, prefill.size() + 1)), {key, key});
    }
  }
}

/// How the operations of a program change.
enum class Change : std::uint8_t { key, replaced, reordered, moved, added, removed, thread };

Change any_change(Draw& draw, bool resize) {
  static constexpr std::array<Change, 10> all{Change::key,       Change::key,   Change::replaced, Change::replaced,
                                              Change::reordered, Change::moved, Change::added,    Change::added,
                                              Change::removed,   Change::thread};
  return draw.element(std::span<const Change>(all).first(resize ? 10 : 6));
}

void change_operations(Draw& draw, const Program& other, bool resize, Program& program) {
  const Place at = any_place(draw, program);
  auto& thread = program.threads[at.thread];
  Operation& here = thread[at.op];
  switch (any_change(draw, resize)) {
    case Change::key:
      if (names_key(here.kind)) here.key = any_key(draw, program);
      break;
    case Change::replaced:
      here = any_operation(draw, other);
      if (names_key(here.kind) && draw.chance(50)) here.key = any_key(draw, program);
      break;
    case Change::reordered:
      std::swap(here, thread[any_of(draw, thread.size())]);
      break;
    case Change::moved: {
      const Place there = any_place(draw, program);
      std::swap(here, program.threads[there.thread][there.op]);
      break;
    }
    case Change::added: {
      if (program.operation_count() >= operations_bred_max) break;
      Operation added = any_operation(draw, draw.chance(50) ? other : program);
      if (names_key(added.kind) && draw.chance(50)) added.key = any_key(draw, program);
      thread.insert(thread.begin() + static_cast<std::ptrdiff_t>(at.op) + (draw.chance(50) ? 1 : 0), added);
      break;
    }
    case Change::removed:
      if (thread.size() > 1) thread.erase(thread.begin() + static_cast<std::ptrdiff_t>(at.op));
      break;
    case Change::thread:
      thread = other.threads[any_of(draw, other.threads.size())];
      break;
  }
}

}  // namespace

bool can_breed(const Program& program) {
  if (program.threads.size() < 2 || program.construct_from_range) return false;
  if (std::ranges::any_of(program.threads, [](const auto& thread) { return thread.empty(); })) return false;
  if (program.operation_count() > operations_bred_max) return false;
  if (program.prefill.size() > prefill_bred_max) return false;
  Program keys = program;
  return std::ranges::all_of(keys_named(keys),
                             [](const std::int64_t* key) { return *key >= 1 && *key <= key_bred_max; });
}

Program breed(Draw& draw, const Program& kept, const Program& other, Freedom freedom) {
  MQ_ASSERT(can_breed(kept) && can_breed(other));
  Program program = kept;
  unsigned changes = 1;
  while (changes < 4 && draw.chance(50)) ++changes;
  for (; changes != 0; --changes) {
    if (freedom.refill && draw.chance(25)) {
      change_prefill(draw, other, program);
    } else {
      change_operations(draw, other, freedom.resize, program);
    }
  }
  return program;
}

}  // namespace mapquake
