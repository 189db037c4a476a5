#include "harness/case/case_bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mapquake {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;
constexpr unsigned hash_mode_count = 4;

class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void integer(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool at_end() const { return at_ == bytes_.size(); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at_ < bytes_.size(); shift += 7) {
      const std::uint8_t byte = bytes_[at_++];
      if (shift < 64) value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
  std::uint64_t below(std::uint64_t count) { return number() % count; }
  std::int64_t integer() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

Error refused(std::string_view why) {
  return {ExitCode::bad_input, fmt::format("the case cannot be written as bytes: {}", why),
          "Engines work on small cases; `mapquake shrink` makes smaller ones."};
}

bool sleeps_too_long(const std::vector<Operation>& operations) {
  return std::ranges::any_of(
      operations, [](const Operation& one) { return one.kind == OpKind::sleep && one.key > bytes_sleep_ms_max; });
}

bool reserves_too_much(const std::vector<Operation>& operations) {
  return std::ranges::any_of(operations, [](const Operation& one) {
    return one.kind == OpKind::reserve && static_cast<std::uint64_t>(one.key) > bytes_capacity_max;
  });
}

}  // namespace

Result<std::vector<std::uint8_t>> to_bytes(const Case& one) {
  const Program& program = one.program;
  if (program.prefill.size() > bytes_prefill_max) return refused("it has too many entries before the threads start");
  if (program.threads.size() > bytes_threads_max) return refused("it has too many threads");
  if (program.threads.empty()) return refused("it has no thread");
  if (program.operation_count() > bytes_operations_max) return refused("it has too many operations");
  if (one.choices.size() > bytes_choices_max) return refused("it has too many choices");
  if (!program.budgets.empty()) return refused("it states budgets");
  if (program.memory_limit % mib != 0) return refused("its memory limit is no whole number of mebibytes");
  if (program.memory_limit < bytes_memory_mib_min * mib) return refused("its memory limit is too low");
  const bool is_large = std::max(program.capacity, program.capacity_hint) > bytes_capacity_max;
  if (is_large || std::ranges::any_of(program.threads, reserves_too_much)) return refused("its capacity is too large");
  if (std::ranges::any_of(program.threads, sleeps_too_long)) return refused("it sleeps for more than eleven days");
  Writer out;
  out.number(static_cast<std::uint64_t>(program.hash));
  out.number(program.construct_from_range ? 1 : 0);
  out.number(program.capacity_hint);
  out.number(program.capacity);
  out.number(program.races_passed);
  out.number(program.memory_limit == memory_limit_default ? 0 : program.memory_limit / mib);
  out.number(program.steps_max == steps_max_default ? 0 : program.steps_max);
  out.number(program.prefill.size());
  for (const abi::Entry& entry : program.prefill) {
    out.integer(entry.key);
    out.integer(entry.value);
  }
  out.number(program.threads.size() - 1);
  for (const auto& operations : program.threads) {
    out.number(operations.size());
    for (const Operation& operation : operations) {
      out.number(static_cast<std::uint64_t>(operation.kind));
      out.integer(operation.key);
      out.integer(operation.value);
      out.integer(operation.extra);
    }
  }
  for (const Choice& choice : one.choices) {
    out.number(choice.thread);
    out.number(choice.op);
    out.number(choice.event);
    out.number(static_cast<std::uint64_t>(choice.kind));
    out.number(choice.take);
  }
  return out.take();
}

Case from_bytes(std::span<const std::uint8_t> bytes) {
  Reader in(bytes);
  Case one;
  Program& program = one.program;
  program.hash = static_cast<abi::HashMode>(in.below(hash_mode_count));
  program.construct_from_range = (in.number() & 1) != 0;
  program.capacity_hint = in.below(bytes_capacity_max + 1);
  program.capacity = in.below(bytes_capacity_max + 1);
  program.races_passed = static_cast<std::uint32_t>(in.number());
  const std::uint64_t limit = in.below(memory_limit_max / mib + 1);
  program.memory_limit = limit == 0 ? memory_limit_default : std::max(limit, bytes_memory_mib_min) * mib;
  const std::uint64_t steps = in.below(steps_max_max + 1);
  program.steps_max = steps == 0 ? steps_max_default : std::max(steps, steps_max_min);
  for (std::uint64_t left = in.below(bytes_prefill_max + 1); left > 0 && !in.at_end(); --left) {
    const std::int64_t key = in.integer();
    program.prefill.push_back({key, in.integer()});
  }
  program.threads.resize(in.below(bytes_threads_max) + 1);
  std::uint64_t operations_left = bytes_operations_max;
  for (auto& operations : program.threads) {
    for (std::uint64_t left = in.below(operations_left + 1); left > 0 && !in.at_end(); --left) {
      Operation operation;
      operation.kind = static_cast<OpKind>(in.below(op_kind_count));
      operation.key = in.integer();
      if (operation.kind == OpKind::sleep && operation.key > bytes_sleep_ms_max) operation.key %= bytes_sleep_ms_max;
      if (operation.kind == OpKind::reserve) {
        operation.key = static_cast<std::int64_t>(static_cast<std::uint64_t>(operation.key) % (bytes_capacity_max + 1));
      }
      operation.value = in.integer();
      operation.extra = in.integer();
      operations.push_back(operation);
    }
    operations_left -= operations.size();
  }
  while (!in.at_end() && one.choices.size() < bytes_choices_max) {
    Choice choice;
    choice.thread = static_cast<ThreadId>(in.below(threads_max));
    choice.op = static_cast<OpIndex>(in.number());
    choice.event = static_cast<std::uint32_t>(in.number());
    choice.kind = static_cast<ChoiceKind>(in.below(choice_kind_count));
    choice.take = static_cast<std::uint32_t>(in.number());
    one.choices.push_back(choice);
  }
  std::ranges::sort(one.choices);
  return one;
}

}  // namespace mapquake
