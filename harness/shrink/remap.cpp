#include "harness/shrink/remap.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace mapquake {
namespace {

template <class T>
void erase_slice(std::vector<T>& items, std::size_t begin, std::size_t end) {
  MQ_ASSERT(begin <= end && end <= items.size());
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(begin), items.begin() + static_cast<std::ptrdiff_t>(end));
}

void drop_operation(Case& input, std::size_t thread, std::size_t op) {
  erase_slice(input.program.threads[thread], op, op + 1);
  const auto id = static_cast<ThreadId>(thread + 1);
  std::erase_if(input.choices, [&](const Choice& choice) { return choice.thread == id && choice.op == op; });
  for (Choice& choice : input.choices) {
    if (choice.thread == id && choice.op > op) --choice.op;
  }
}

void leave_out_thread(std::vector<Choice>& choices, ThreadId id) {
  std::erase_if(choices, [&](const Choice& choice) {
    return choice.thread == id || (choice.kind == ChoiceKind::schedule && choice.take == id);
  });
  for (Choice& choice : choices) {
    if (choice.thread > id) --choice.thread;
    if (choice.kind == ChoiceKind::schedule && choice.take > id) --choice.take;
  }
  std::sort(choices.begin(), choices.end());
}

}  // namespace

Case without_thread(const Case& input, std::size_t thread) {
  MQ_ASSERT(thread < input.program.threads.size());
  Case output = input;
  erase_slice(output.program.threads, thread, thread + 1);
  leave_out_thread(output.choices, static_cast<ThreadId>(thread + 1));
  return output;
}

Case without_started_thread(const Case& input, ThreadId id, std::size_t begin, std::size_t end) {
  Case output = input;
  erase_slice(output.choices, begin, end);
  leave_out_thread(output.choices, id);
  return output;
}

Case without_operations(const Case& input, std::size_t begin, std::size_t end) {
  Case output = input;
  std::size_t behind = 0;
  for (const auto& thread : input.program.threads) behind += thread.size();
  MQ_ASSERT(begin <= end && end <= behind);
  for (std::size_t thread = input.program.threads.size(); thread-- > 0;) {
    for (std::size_t op = input.program.threads[thread].size(); op-- > 0;) {
      --behind;
      if (behind >= begin && behind < end) drop_operation(output, thread, op);
    }
    if (output.program.threads[thread].empty()) output = without_thread(output, thread);
  }
  return output;
}

Case without_prefill(const Case& input, std::size_t begin, std::size_t end) {
  Case output = input;
  erase_slice(output.program.prefill, begin, end);
  return output;
}

Case without_choices(const Case& input, std::span<const std::size_t> indexes) {
  std::vector<bool> gone(input.choices.size(), false);
  for (const std::size_t index : indexes) {
    MQ_ASSERT(index < gone.size());
    gone[index] = true;
  }
  Case output{input.program, {}};
  for (std::size_t i = 0; i < input.choices.size(); ++i) {
    if (!gone[i]) output.choices.push_back(input.choices[i]);
  }
  return output;
}

std::vector<std::vector<Choice>> other_ages(std::span<const Choice> choices) {
  constexpr std::uint32_t ages_max = 4;
  constexpr std::ptrdiff_t stale_reads_max = 4;
  const auto is_stale = [](const Choice& choice) { return choice.kind == ChoiceKind::stale_read; };
  std::vector<std::vector<Choice>> variants;
  if (std::count_if(choices.begin(), choices.end(), is_stale) > stale_reads_max) return variants;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    for (std::uint32_t age = 1; is_stale(choices[i]) && age <= ages_max; ++age) {
      if (age == choices[i].take) continue;
      variants.emplace_back(choices.begin(), choices.end());
      variants.back()[i].take = age;
    }
  }
  return variants;
}

std::vector<Choice> faults_of(std::span<const Choice> choices) {
  std::vector<Choice> faults;
  for (const Choice& choice : choices) {
    if (choice.kind != ChoiceKind::schedule) faults.push_back(choice);
  }
  return faults;
}

}  // namespace mapquake
