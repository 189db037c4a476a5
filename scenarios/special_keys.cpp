#include "scenarios/special_keys.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace mapquake {
namespace {

constexpr std::uint32_t programs_per_special_key = 8;
constexpr std::uint32_t keys_together = 3;

/// By one of `special`, unless that is among them. `ordinary`: what the keys were before any was replaced.
void replace_a_key(Rng& rng, const std::vector<std::int64_t*>& keys, const std::vector<std::int64_t>& ordinary,
                   std::uint32_t special) {
  const std::int64_t victim = *keys[rng.below(static_cast<std::uint32_t>(keys.size()))];
  auto nth = rng.below(static_cast<std::uint32_t>(std::popcount(special)));
  std::size_t which = 0;
  while ((special >> which & 1) == 0 || nth-- != 0) ++which;
  const std::int64_t wanted =
      special_keys[which].beside(ordinary[rng.below(static_cast<std::uint32_t>(ordinary.size()))]);
  if (std::ranges::any_of(keys, [&](const std::int64_t* used) { return *used == wanted; })) return;
  for (std::int64_t* const used : keys) {
    if (*used == victim) *used = wanted;
  }
}

}  // namespace

std::optional<Program> program_about(std::int64_t key, OpMask operations, About about, unsigned entries_more,
                                     std::int64_t others) {
  const auto add = adding_operation(operations);
  if (!add) return std::nullopt;
  const bool everything = about == About::everything;
  const OpMask looks_at_keys = point_reads | (everything ? bound_reads : 0);
  const OpMask looks_at_all = ops(OpKind::size) | (everything ? ops(OpKind::iterate, OpKind::copy) : 0);
  const OpMask erases = (operations & ops(OpKind::erase)) != 0 ? ops(OpKind::erase) : ops(OpKind::extract);
  Program program;
  const bool alone = about == About::key_alone;
  if (!alone) program.prefill = consecutive(others, 2);
  auto& thread = program.threads.emplace_back();
  const auto each = [&](OpMask kinds, std::int64_t at) {
    for (unsigned kind = 0; kind < op_kind_count; ++kind) {
      const auto op = static_cast<OpKind>(kind);
      if ((operations & kinds & op_bit(op)) != 0) thread.push_back({op, at, 0});
    }
  };
  const auto look_round = [&] {
    for (const std::int64_t at : {key, others, others + 1}) each(looks_at_keys, alone ? key : at);
    each(looks_at_all, 0);
  };
  const auto add_and_look = [&](std::int64_t at) {
    thread.push_back({*add, at, 0});
    look_round();
  };
  each(looks_at_keys, key);
  add_and_look(key);
  add_and_look(key);
  if ((operations & erases) != 0) {
    each(erases, key);
    look_round();
    // What an erased entry leaves behind must not pass for the key.
    each(erases, alone ? key : others);
    look_round();
    add_and_look(key);
    if (!alone) add_and_look(others);
  }
  for (unsigned n = 0; n < entries_more; ++n) thread.push_back({*add, others + 2 + static_cast<std::int64_t>(n), 0});
  look_round();
  return program;
}

void give_special_key(std::uint64_t seed, const ScenarioOptions& options, Program& program) {
  constexpr std::uint64_t salt = 0x7370656369616c;  // so that it has nothing to do with what else follows from seeds
  Rng rng(mix64(seed ^ salt));
  if (options.special_keys == 0 || options.keys != 0 || rng.below(programs_per_special_key) != 0) return;
  const std::vector<std::int64_t*> keys = keys_named(program);
  if (keys.empty()) return;
  std::vector<std::int64_t> ordinary;
  for (const std::int64_t* const key : keys) ordinary.push_back(*key);
  // An order that overflows shows where keys far apart meet others between them.
  const std::uint32_t count = rng.below(4) == 0 ? keys_together : 1;
  for (std::uint32_t i = 0; i < count; ++i) replace_a_key(rng, keys, ordinary, options.special_keys);
}

}  // namespace mapquake
