#include "tests/map_fuzzer/mutator.hpp"

#include "harness/case/case_bytes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mapquake::map_fuzzer {
namespace {

constexpr std::uint32_t keys = 4, events = 60;

std::size_t below(Rng& rng, std::size_t n) {
  return rng.below(static_cast<std::uint32_t>(n));
}

Operation any_operation(Rng& rng) {
  return {static_cast<OpKind>(rng.below(op_kind_count)), static_cast<std::int64_t>(rng.below(keys)),
          static_cast<std::int64_t>(rng.below(100)), static_cast<std::int64_t>(rng.below(keys))};
}

Choice any_choice(const Program& program, Rng& rng) {
  Choice choice;
  choice.thread = static_cast<ThreadId>(1 + below(rng, program.threads.size()));
  const std::size_t operations = program.threads[choice.thread - 1u].size();
  choice.op = static_cast<std::uint16_t>(below(rng, operations + 1));
  choice.event = static_cast<std::uint32_t>(1 + rng.below(events));
  // Most of what there is to find needs no more than threads that change places.
  if (rng.below(4) == 0) choice.kind = static_cast<ChoiceKind>(rng.below(choice_kind_count));
  choice.take = static_cast<std::uint32_t>(1 + below(rng, program.threads.size()));
  return choice;
}

void change_program(Program& program, Rng& rng) {
  auto& operations = program.threads[below(rng, program.threads.size())];
  switch (rng.below(7)) {
    case 0:
      if (program.operation_count() < bytes_operations_max) {
        operations.insert(operations.begin() + static_cast<std::ptrdiff_t>(below(rng, operations.size() + 1)),
                          any_operation(rng));
      }
      return;
    case 1:
      if (!operations.empty()) {
        operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(below(rng, operations.size())));
      }
      return;
    case 2:
      if (!operations.empty()) operations[below(rng, operations.size())] = any_operation(rng);
      return;
    case 3:
      if (!operations.empty())
        operations[below(rng, operations.size())].key = static_cast<std::int64_t>(rng.below(keys));
      return;
    case 4:
      if (program.threads.size() < 4) program.threads.push_back({any_operation(rng)});
      return;
    case 5:
      if (program.threads.size() > 1) program.threads.pop_back();
      return;
    default:
      if (program.prefill.size() < bytes_prefill_max && rng.below(2) == 0) {
        program.prefill.push_back(
            {static_cast<std::int64_t>(rng.below(keys)), static_cast<std::int64_t>(rng.below(100))});
      } else if (!program.prefill.empty()) {
        program.prefill.pop_back();
      }
  }
}

void change_choices(Case& one, Rng& rng) {
  if (one.choices.empty() || (rng.below(3) == 0 && one.choices.size() < bytes_choices_max)) {
    one.choices.push_back(any_choice(one.program, rng));
    return;
  }
  const std::size_t at = below(rng, one.choices.size());
  Choice& choice = one.choices[at];
  switch (rng.below(4)) {
    case 0:
      one.choices.erase(one.choices.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    case 1:
      choice.event += static_cast<std::uint32_t>(rng.below(7)) - 3;
      return;
    case 2:
      choice.take = static_cast<std::uint32_t>(below(rng, one.program.threads.size() + 2));
      return;
    default:
      choice = any_choice(one.program, rng);
  }
}

std::vector<std::uint8_t> bytes_of(const Case& one, std::size_t size_max) {
  auto bytes = to_bytes(one);
  if (!bytes || bytes->size() > size_max) return {};
  return std::move(*bytes);
}

}  // namespace

Case changed(Case one, Rng& rng) {
  for (std::uint64_t times = 1 + rng.below(3); times > 0; --times) {
    if (rng.below(3) == 0) {
      change_program(one.program, rng);
    } else {
      change_choices(one, rng);
    }
  }
  std::ranges::sort(one.choices);
  return one;
}

Case crossed(Case one, const Case& other, Rng& rng) {
  if (rng.below(2) == 0) {
    one.choices = other.choices;
    return one;
  }
  auto& threads = one.program.threads;
  const auto& others = other.program.threads;
  threads.resize((threads.size() + 1) / 2);
  std::copy(others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2), others.end(), std::back_inserter(threads));
  while (threads.size() > bytes_threads_max || one.program.operation_count() > bytes_operations_max) threads.pop_back();
  if (threads.empty()) threads.emplace_back();
  return one;
}

std::vector<std::uint8_t> changed(std::span<const std::uint8_t> one, std::size_t size_max, Rng& rng) {
  return bytes_of(changed(from_bytes(one), rng), size_max);
}

std::vector<std::uint8_t> crossed(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other,
                                  std::size_t size_max, Rng& rng) {
  return bytes_of(crossed(from_bytes(one), from_bytes(other), rng), size_max);
}

}  // namespace mapquake::map_fuzzer
