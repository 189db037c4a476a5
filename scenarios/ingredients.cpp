#include "scenarios/ingredients.hpp"

#include "scenarios/allowed.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <unordered_map>

namespace mapquake {
namespace {

constexpr unsigned tiny_percent = 30;
/// All threads wake up at once, and meet what has expired.
constexpr unsigned sleep_first_percent = 25;

/// The first `count` of them are random ones then, in any order.
void shuffle_first(Draw& draw, std::vector<abi::Entry>& entries, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::swap(entries[i], entries[draw.between(i, static_cast<unsigned>(entries.size()) - 1)]);
  }
}

/// More entries than short ranges have: what sorts them, or reserves for them, goes another way then. In any order.
void lengthen(Draw& draw, std::vector<abi::Entry>& entries) {
  constexpr unsigned least = 17, most = 40;
  std::int64_t next = 1;
  for (const abi::Entry& entry : entries) next = std::max(next, entry.key + 1);
  for (unsigned wanted = draw.between(least, most); entries.size() < wanted; ++next) entries.push_back({next, 0});
  shuffle_first(draw, entries, static_cast<unsigned>(entries.size()));
}

}  // namespace

std::vector<unsigned> draw_shape(Draw& draw, const Sizes& sizes, const ScenarioOptions& options) {
  const bool tiny = draw.chance(tiny_percent);
  unsigned threads = options.threads;
  if (threads == 0) threads = tiny ? sizes.threads_min : draw.growing(sizes.threads_min, sizes.threads_max);
  threads = std::min<unsigned>(threads, program_threads_max);
  const auto operations_limit = static_cast<unsigned>(program_operations_max / threads);

  std::vector<unsigned> operations(threads);
  const unsigned most = tiny ? sizes.operations_min + 1 : draw.growing(sizes.operations_min, sizes.operations_max);
  for (unsigned& count : operations) {
    const unsigned drawn = options.operations != 0
                               ? options.operations
                               : draw.between(sizes.operations_min, std::max(most, sizes.operations_min));
    count = std::min(drawn, operations_limit);
  }
  return operations;
}

std::int64_t Keys::one(Draw& draw) const {
  if (count == 1 || (hot_percent != 0 && draw.chance(hot_percent))) return 1;
  return draw.between(1, count);
}

Keys draw_keys(Draw& draw, unsigned count_max, const ScenarioOptions& options) {
  Keys keys;
  keys.count = options.keys != 0 ? options.keys : draw.growing(1, count_max);
  if (keys.count > 2 && draw.chance(25)) keys.hot_percent = 75;
  return keys;
}

std::vector<abi::Entry> consecutive(std::int64_t first, std::size_t count) {
  std::vector<abi::Entry> entries(count);
  for (std::size_t i = 0; i < count; ++i) entries[i] = {first + static_cast<std::int64_t>(i), 0};
  return entries;
}

std::vector<abi::Entry> draw_prefill(Draw& draw, const Keys& keys, unsigned count_max, OpMask operations,
                                     const ScenarioOptions& options) {
  if ((operations & adding_ops) == 0) return {};
  if (options.prefill) return consecutive(1, std::min<std::size_t>(*options.prefill, program_prefill_max));
  const unsigned strangers = draw.chance(25) ? draw.growing(1, 3) : 0;
  const unsigned count = draw.between(0, std::min(keys.count + strangers, count_max));
  // Options may ask for millions of keys; the prefill is drawn from the first few of them.
  std::vector<abi::Entry> entries = consecutive(1, std::min(keys.count + strangers, 4 * count_max));
  shuffle_first(draw, entries, count);
  entries.resize(count);
  return entries;
}

Menu& Menu::add(OpMask operations, OpMask kinds, unsigned weight) {
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    const auto op = static_cast<OpKind>(kind);
    if ((operations & kinds & ~follow_ups & op_bit(op)) != 0) portions_.insert(portions_.end(), weight, op);
  }
  return *this;
}

void Menu::thin_out(Draw& draw) {
  if (empty()) return;
  const OpKind keeper = one(draw);
  // What a draw holds; kinds beyond that are asked about where there are some.
  constexpr unsigned kinds_per_draw = 29;
  OpMask mask = op_bit(keeper) | draw.between(0, (1u << kinds_per_draw) - 1);
  static_assert(op_kind_count <= 2 * kinds_per_draw);
  const auto is_beyond = [](OpKind kind) { return static_cast<unsigned>(kind) >= kinds_per_draw; };
  if (std::ranges::any_of(portions_, is_beyond)) {
    mask |= OpMask{draw.between(0, (1u << kinds_per_draw) - 1)} << kinds_per_draw;
  }
  std::erase_if(portions_, [&](OpKind kind) { return (op_bit(kind) & mask) == 0; });
}

OpKind Menu::one(Draw& draw) const {
  return draw.element<OpKind>(portions_);
}

OpKind Menu::one(Rng& rng) const {
  return rng.element<OpKind>(portions_);
}

Operation make_operation(Draw& draw, OpKind kind, const Keys& keys) {
  switch (traits_of(kind).takes) {
    case Takes::number:
      if (kind == OpKind::sleep) return {kind, 0, 0};  // draw_sleeps
      return {kind, draw.chance(20) ? 0 : draw.between(1, 4 * std::max(keys.count, 4u)), 0};
    case Takes::parity:
      return {kind, draw.between(0, 1), 0};
    default:
      return {kind, names_key(kind) ? keys.one(draw) : 0, 0};
  }
}

Operation Mix::one(Draw& draw, const Keys& keys) const {
  MQ_ASSERT(!reads.empty() || !writes.empty());
  const bool write = reads.empty() || (!writes.empty() && draw.chance(write_percent));
  return make_operation(draw, (write ? writes : reads).one(draw), keys);
}

void ensure_write(Draw& draw, const Mix& mix, const Keys& keys, Program& program, std::size_t spared) {
  if (mix.writes.empty() || mix.write_percent == 0) return;
  std::vector<Operation*> candidates;
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    for (Operation& operation : program.threads[thread]) {
      if ((op_bit(operation.kind) & (point_writes | whole_map_writes)) != 0) return;
      if (thread != spared) candidates.push_back(&operation);
    }
  }
  if (candidates.empty()) return;
  *draw.element<Operation*>(candidates) = make_operation(draw, mix.writes.one(draw), keys);
}

void draw_construction(Draw& draw, const ScenarioOptions& options, Program& program) {
  using enum abi::HashMode;
  static constexpr std::array modes{good, good, good, good, good, identity, identity, few, few, constant};
  program.hash = draw.element<abi::HashMode>(modes);
  if (options.hash_given) program.hash = options.hash;
  const bool alike = program.hash == few || program.hash == constant;
  if (!options.hash_given && alike && program.prefill.size() > entries_alike_max) program.hash = good;
  program.construct_from_range = !program.prefill.empty() && draw.chance(10);
  program.capacity_hint = draw.chance(10) ? draw.between(1, 16) : 0;
  if (options.bounded) program.capacity = draw.between(1, 4);
  // Where one thread alone meets it: a map that takes it badly goes wrong in every other scenario, too.
  const bool alone = program.threads.size() == 1;
  if (alone && program.construct_from_range && !options.prefill && draw.chance(25)) {
    if (draw.chance(25)) lengthen(draw, program.prefill);
    const abi::Entry again = draw.element<abi::Entry>(program.prefill);
    program.prefill.push_back(again);
  }
}

void draw_sleeps(Draw& draw, const ScenarioOptions& options, Program& program) {
  if (options.ttl_ms == 0) return;
  const auto ttl_ms = static_cast<std::int64_t>(options.ttl_ms);
  const bool has_room = program.operation_count() + program.threads.size() <= program_operations_max;
  if (has_room && draw.chance(sleep_first_percent)) {
    for (auto& thread : program.threads) thread.insert(thread.begin(), Operation{OpKind::sleep, 0, 0});
  }
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (operation.kind == OpKind::sleep)
        operation.key = draw.chance(50) ? ttl_ms + 2 : std::max<std::int64_t>(ttl_ms / 2, 1);
    }
  }
}

void draw_cursor_steps(Draw& draw, OpMask operations, const ScenarioOptions& options, Program& program) {
  if ((operations & follow_ups) != follow_ups) return;
  constexpr unsigned entries_max = 3, to_the_end = 100;
  const auto opens = [](const Operation& operation) { return operation.kind == OpKind::cursor_open; };
  for (auto& thread : program.threads) {
    const bool has_room = options.operations == 0 && 2 * program.operation_count() < program_operations_max;
    if (!has_room || std::ranges::none_of(thread, opens)) continue;
    std::vector<Operation> stepping;
    bool open = false;
    for (const Operation& operation : thread) {
      if (open && draw.chance(5)) stepping.push_back({OpKind::cursor_close, 0, 0});
      stepping.push_back(operation);
      open = open || opens(operation);
      if (open && draw.chance(75)) stepping.push_back({OpKind::cursor_step, draw.between(1, entries_max), 0});
    }
    if (draw.chance(75)) stepping.push_back({OpKind::cursor_step, to_the_end, 0});
    thread = std::move(stepping);
  }
}

void draw_other_keys(Draw& draw, Program& program) {
  const auto names_two = [](const Operation& operation) { return names_other_key(operation.kind); };
  if (std::ranges::none_of(program.threads, [&](const auto& thread) { return std::ranges::any_of(thread, names_two); }))
    return;
  std::vector<std::int64_t> keys;
  for (const auto& entry : program.prefill) keys.push_back(entry.key);
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) {
      if (names_key(operation.kind)) keys.push_back(operation.key);
    }
  }
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (!names_other_key(operation.kind)) continue;
      operation.extra = draw.element<std::int64_t>(keys);
      if (!is_transaction(operation.kind)) continue;
      const auto other = std::ranges::find_if(keys, [&](std::int64_t key) { return key != operation.key; });
      if (operation.extra == operation.key && other != keys.end()) operation.extra = *other;
    }
  }
}

std::vector<std::int64_t*> keys_named(Program& program) {
  std::vector<std::int64_t*> keys;
  for (auto& entry : program.prefill) keys.push_back(&entry.key);
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (names_key(operation.kind)) keys.push_back(&operation.key);
      if (names_other_key(operation.kind)) keys.push_back(&operation.extra);
    }
  }
  return keys;
}

void scatter_keys(std::uint64_t seed, Program& program) {
  Rng rng(mix64(seed));
  if (rng.below(2) == 0) return;
  const std::vector<std::int64_t*> keys = keys_named(program);
  const auto is_great = [](const std::int64_t* key) { return *key < 1 || *key > scattered_keys_max; };
  if (std::any_of(keys.begin(), keys.end(), is_great)) return;
  std::array<std::int64_t, scattered_keys_max> numbers{};
  std::iota(numbers.begin(), numbers.end(), 1);
  rng.shuffle<std::int64_t>(numbers);
  for (std::int64_t* const key : keys) *key = numbers[static_cast<std::size_t>(*key - 1)];
}

void draw_expected_values(Draw& draw, Program& program) {
  const auto expects = [](const Operation& operation) {
    return traits_of(operation.kind).takes == Takes::key_value_extra;
  };
  const auto some_expect = [&](const auto& thread) { return std::ranges::any_of(thread, expects); };
  if (std::ranges::none_of(program.threads, some_expect)) return;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> written;
  for (const auto& entry : program.prefill) written[entry.key].push_back(entry.value);
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) {
      const bool writes = writes_value(operation.kind) || adds_amount(operation.kind);
      if (names_key(operation.kind) && writes) written[operation.key].push_back(operation.value);
    }
  }
  for (auto& thread : program.threads) {
    for (Operation& operation : thread) {
      if (expects(operation)) operation.extra = draw.element<std::int64_t>(written[operation.key]);
    }
  }
}

}  // namespace mapquake
