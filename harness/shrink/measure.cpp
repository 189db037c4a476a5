#include "harness/shrink/measure.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace mapquake {
namespace {

std::uint64_t magnitude(std::int64_t number) {
  return number < 0 ? ~static_cast<std::uint64_t>(number) + 2 : static_cast<std::uint64_t>(number);
}

std::uint64_t odd_values(const Program& program) {
  const Program canonical = with_canonical_values(program);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < program.prefill.size(); ++i) {
    count += program.prefill[i].value != canonical.prefill[i].value ? 1 : 0;
  }
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    for (std::size_t op = 0; op < program.threads[thread].size(); ++op) {
      count += program.threads[thread][op].value != canonical.threads[thread][op].value ? 1 : 0;
    }
  }
  return count;
}

}  // namespace

Program with_canonical_values(Program program) {
  std::map<std::int64_t, std::int64_t> written;
  // More than ten writes to one key would run into the values of the next key; they share the tenth.
  const auto value_for = [&](std::int64_t key) { return 10 * key + std::min<std::int64_t>(written[key]++, 9); };
  std::map<std::int64_t, std::int64_t> renamed;
  const auto rename = [&](std::int64_t& value, std::int64_t key) {
    const std::int64_t fresh = value_for(key);
    renamed.emplace(value, fresh);
    value = fresh;
  };
  for (auto& entry : program.prefill) rename(entry.value, entry.key);
  std::int64_t updates = 0;
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (writes_value(operation.kind)) {
        rename(operation.value, operation.key);
      } else {
        operation.value = adds_amount(operation.kind) ? 1000 * ++updates : 0;
      }
    }
  }
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (traits_of(operation.kind).takes != Takes::key_value_extra) continue;
      if (const auto known = renamed.find(operation.extra); known != renamed.end()) operation.extra = known->second;
    }
  }
  return program;
}

Measure without_places(Measure measure) {
  constexpr std::size_t switches = 9, choices = 10, depth_of_switches = 12;
  measure[switches] = measure[choices] = measure[depth_of_switches] = 0;
  return measure;
}

Measure measure(const Case& input, const Execution& execution) {
  const Program& program = input.program;
  std::set<std::int64_t> keys;
  std::uint64_t key_sum = 0, operations = 0, answers = 0;
  for (const auto& entry : program.prefill) {
    keys.insert(entry.key);
    key_sum += magnitude(entry.key);
  }
  for (const auto& thread : program.threads) {
    operations += thread.size();
    for (const Operation& operation : thread) {
      if (names_key(operation.kind)) keys.insert(operation.key);
      key_sum += magnitude(operation.key);
      if (names_other_key(operation.kind)) {
        keys.insert(operation.extra);
        key_sum += magnitude(operation.extra);
      }
    }
  }
  std::uint64_t depth_of_switches = 0;
  for (const Choice& choice : input.choices) {
    if (choice.kind == ChoiceKind::schedule) {
      depth_of_switches += choice.event;
    } else {
      answers += choice.take;
    }
  }
  const std::uint64_t construction = (program.hash != abi::HashMode::good ? 1u : 0u) +
                                     (program.capacity_hint != 0 ? 1u : 0u) + (program.construct_from_range ? 1u : 0u) +
                                     program.capacity + (program.races_passed != 0 ? 1u : 0u);
  return {program.threads.size(),
          operations,
          std::uint64_t{execution.preemptions} + execution.faults,
          program.prefill.size(),
          execution.faults + execution.stale_reads(),
          construction,
          keys.size(),
          key_sum,
          odd_values(program),
          execution.switches,
          input.choices.size(),
          answers,
          depth_of_switches};
}

}  // namespace mapquake
