#include "scenarios/long_run.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

#include <array>
#include <vector>

namespace mapquake {
namespace {

/// Just above the powers of two, where thresholds lie; each twice as often as the one that takes twice as long.
constexpr std::array<unsigned, 12> lengths{12, 12, 20, 20, 20, 36, 36, 36, 68, 68, 132, 260};

/// Updates add amounts that tell who added them, and of those there are not so many (number_values).
constexpr OpMask repeatable_ops =
    point_writes & operations_where([](const OperationTraits& t) { return t.action != Action::update; });

/// Which key the n-th operation is on.
enum class Where : std::uint8_t { one_key, new_keys, few_keys };
constexpr std::array<Where, 3> wheres{Where::one_key, Where::new_keys, Where::few_keys};

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

}  // namespace

bool gets_long_run(std::uint64_t seed, const ScenarioOptions& options) {
  const bool free = options.threads == 0 && options.operations == 0 && options.keys == 0;
  return free && mix64(seed) % programs_per_long_run == 0;
}

void add_long_run(Draw& draw, const Ingredients& from, Program& program) {
  MQ_ASSERT(!program.threads.empty());
  const OpMask usable = program.threads.size() == 1 ? from.alone : from.together;
  Menu adds, erases;
  adds.add(usable, repeatable_ops & adding_ops);
  erases.add(usable, repeatable_ops & erasing_ops);
  if (adds.empty() && erases.empty()) return;
  const OpKind add = adds.empty() ? erases.one(draw) : adds.one(draw);
  const OpKind erase = erases.empty() || draw.chance(25) ? add : erases.one(draw);
  const bool by_turns = draw.chance(50);
  const Where where = draw.element<Where>(wheres);
  const std::int64_t first = draw.between(1, 3);
  const unsigned few = draw.between(2, 8);

  std::vector<Operation> run;
  for (unsigned left = draw.element<unsigned>(lengths), n = 0; left > 0; --left, ++n) {
    const OpKind kind = by_turns && n % 2 != 0 ? erase : add;
    run.push_back({kind, key_of(where, first, by_turns ? n / 2 : n, few), 0});
  }
  auto& thread = program.threads[draw.between(0, static_cast<unsigned>(program.threads.size()) - 1)];
  const unsigned at = draw.between(0, static_cast<unsigned>(thread.size()));
  thread.insert(thread.begin() + at, run.begin(), run.end());
}

}  // namespace mapquake
