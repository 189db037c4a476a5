#include "scenarios/long_run.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

#include <array>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

/// Thresholds lie at the powers of two; each twice as often as the one that takes twice as long.
constexpr std::array<unsigned, 12> powers{8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 128, 256};
/// What a threshold does shows behind it, and what wraps round there, or does not fit, may show there alone.
constexpr std::array<int, 6> beside_powers{4, 4, 4, 0, 1, -1};

/// Updates add amounts that tell who added them, and of those there are not so many (number_values).
constexpr OpMask repeatable_ops =
    point_writes & operations_where([](const OperationTraits& t) { return t.action != Action::update; });

/// Which key the n-th operation is on.
enum class Where : std::uint8_t { one_key, new_keys, few_keys };
constexpr std::array<Where, 3> wheres{Where::one_key, Where::new_keys, Where::few_keys};

/// What the run is made of.
enum class Form : std::uint8_t { adds, by_turns, fills_then_drains, looks, clears };
constexpr std::array<Form, 8> forms{
    Form::adds,  Form::by_turns, Form::by_turns, Form::by_turns, Form::fills_then_drains, Form::fills_then_drains,
    Form::looks, Form::clears};

std::int64_t key_of(Where where, std::int64_t first, unsigned n, unsigned few) {
  switch (where) {
    case Where::one_key:
      return first;
    case Where::new_keys:
      return first + n;
    default:
      return first + n % few;
  }
}

/// One operation again and again, or two by turns.
std::vector<Operation> repeated(Draw& draw, OpKind add, OpKind erase, bool by_turns, Where where, unsigned length) {
  const std::int64_t first = draw.between(1, 3);
  const unsigned few = draw.between(2, 8);
  std::vector<Operation> run;
  for (unsigned n = 0; n < length; ++n) {
    const OpKind kind = by_turns && n % 2 != 0 ? erase : add;
    run.push_back({kind, key_of(where, first, by_turns ? n / 2 : n, few), 0});
  }
  return run;
}

/// New keys are added, and nearly all of them erased, oldest or youngest first: what was shared with those that are
/// left must be there yet.
std::vector<Operation> filled_then_drained(Draw& draw, OpKind add, OpKind erase, unsigned length) {
  const std::int64_t first = draw.between(1, 3);
  const unsigned left = draw.between(0, 3);
  const unsigned filled = (length + left) / 2;
  const bool oldest_first = draw.chance(50);
  std::vector<Operation> run;
  for (unsigned n = 0; n < filled; ++n) run.push_back({add, first + n, 0});
  for (unsigned n = 0; n + left < filled; ++n) run.push_back({erase, first + (oldest_first ? n : filled - 1 - n), 0});
  return run;
}

/// The same look-up, or a write of the whole map, again and again: what counts those. Empty where there are none.
std::vector<Operation> repeated_alike(Draw& draw, OpMask usable, Form form, unsigned length) {
  Menu menu;
  menu.add(usable, form == Form::looks ? point_reads : ops(OpKind::clear, OpKind::shrink));
  if (menu.empty()) return {};
  const OpKind kind = menu.one(draw);
  const std::int64_t key = form == Form::looks ? draw.between(1, 3) : 0;
  return std::vector<Operation>(length, {kind, key, 0});
}

/// Of writes to keys. Empty where there are none that can be repeated.
std::vector<Operation> run_of_writes(Draw& draw, OpMask usable, Form form, Where where, unsigned length) {
  Menu adds, erases;
  adds.add(usable, repeatable_ops & adding_ops);
  erases.add(usable, repeatable_ops & erasing_ops);
  if (adds.empty() && erases.empty()) return {};
  const OpKind add = adds.empty() ? erases.one(draw) : adds.one(draw);
  const OpKind erase = erases.empty() || draw.chance(25) ? add : erases.one(draw);
  return form == Form::fills_then_drains ? filled_then_drained(draw, add, erase, length)
                                         : repeated(draw, add, erase, form == Form::by_turns, where, length);
}

/// One look-up, and beside it nothing but a row of writes to its key: what counts these may come round while the
/// look-up lasts, and does so where they are as many as a power of two. The key is one that is there, if any. Empty
/// where there are no such operations.
std::vector<std::vector<Operation>> look_beside_writes(Draw& draw, OpMask usable,
                                                       const std::vector<abi::Entry>& prefill) {
  Menu looks;
  looks.add(usable, point_reads);
  const Form form = draw.chance(50) ? Form::adds : Form::by_turns;
  std::vector<Operation> writes = run_of_writes(draw, usable, form, Where::one_key, draw.element<unsigned>(powers));
  if (looks.empty() || writes.empty()) return {};
  const std::int64_t key = prefill.empty() ? writes.front().key : draw.element<abi::Entry>(prefill).key;
  for (Operation& write : writes) write.key = key;
  return {{{looks.one(draw), key, 0}}, std::move(writes)};
}

constexpr unsigned looks_beside_writes_percent = 25;

}  // namespace

bool gets_long_run(std::uint64_t seed, const ScenarioOptions& options) {
  const bool free = options.threads == 0 && options.operations == 0 && options.keys == 0;
  return free && mix64(seed) % programs_per_long_run == 0;
}

void add_long_run(Draw& draw, const Ingredients& from, Program& program) {
  MQ_ASSERT(!program.threads.empty());
  const OpMask usable = program.threads.size() == 1 ? from.alone : from.together;
  if (program.threads.size() > 1 && draw.chance(looks_beside_writes_percent)) {
    if (auto threads = look_beside_writes(draw, usable, program.prefill); !threads.empty()) {
      program.threads = std::move(threads);
      return;
    }
  }
  const Form form = draw.element<Form>(forms);
  const Where where = draw.element<Where>(wheres);
  const auto length =
      static_cast<unsigned>(static_cast<int>(draw.element<unsigned>(powers)) + draw.element<int>(beside_powers));
  const bool is_alike = form == Form::looks || form == Form::clears;
  std::vector<Operation> run = is_alike ? repeated_alike(draw, usable, form, length) : std::vector<Operation>();
  if (run.empty()) run = run_of_writes(draw, usable, is_alike ? Form::by_turns : form, where, length);
  if (run.empty()) return;
  // What is counted per bucket has its thresholds, too.
  const bool may_be_alike = !from.options.hash_given && program.prefill.size() <= entries_alike_max;
  if (may_be_alike && draw.chance(25)) program.hash = abi::HashMode::constant;
  auto& thread = program.threads[draw.between(0, static_cast<unsigned>(program.threads.size()) - 1)];
  const unsigned at = draw.between(0, static_cast<unsigned>(thread.size()));
  thread.insert(thread.begin() + at, run.begin(), run.end());
}

}  // namespace mapquake
