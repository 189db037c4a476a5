#include "harness/base/rng.hpp"
#include "harness/shrink/passes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

namespace mapquake {
namespace {

constexpr std::size_t worth_it = 6;  ///< entries and operations; below, leaving out one at a time has seen nearly all
/// Of 256 keys so many stay.
constexpr std::array<std::uint32_t, 5> shares{24, 48, 96, 160, 256};

/// Which entries there are at some moment, in the order in which they were added: as far as an operation that is said
/// to add or erase does.
class Entries {
 public:
  explicit Entries(std::vector<abi::Entry> entries) : entries_(std::move(entries)) {}

  void follow(const Operation& operation) {
    if (operation.kind == OpKind::clear) entries_.clear();
    if (!names_key(operation.kind)) return;
    const Action action = traits_of(operation.kind).action;
    if (action == Action::erase || action == Action::take) {
      std::erase_if(entries_, [&](const abi::Entry& entry) { return entry.key == operation.key; });
    } else if (adds_entry(operation.kind) && !holds(operation.key)) {
      entries_.push_back({operation.key, operation.value});
    }
  }
  const std::vector<abi::Entry>& all() const { return entries_; }

 private:
  bool holds(std::int64_t key) const {
    return std::ranges::any_of(entries_, [&](const abi::Entry& entry) { return entry.key == key; });
  }
  std::vector<abi::Entry> entries_;
};

std::set<std::int64_t> some_keys(Rng& rng, const Program& program, std::uint32_t share) {
  std::set<std::int64_t> all, some;
  for (const abi::Entry& entry : program.prefill) all.insert(entry.key);
  for (const Operation& operation : program.threads[0]) {
    if (names_key(operation.kind)) all.insert(operation.key);
  }
  for (const std::int64_t key : all) {
    if (rng.below(256) < share) some.insert(key);
  }
  return some;
}

/// A part of the program: what is about some of its keys, and of that at most `operations_max` operations that stand
/// together; what the others before them would leave in the map is there from the start.
Program part_of(Rng& rng, const Program& program, std::size_t operations_max) {
  const std::uint32_t share = shares[rng.below(shares.size())];
  const std::set<std::int64_t> keys = some_keys(rng, program, share);
  Program part = program;
  std::erase_if(part.prefill, [&](const abi::Entry& entry) { return !keys.contains(entry.key); });
  std::vector<Operation>& thread = part.threads[0];
  std::erase_if(thread, [&](const Operation& operation) {
    return names_key(operation.kind) ? !keys.contains(operation.key) : rng.below(256) >= share;
  });
  if (thread.empty()) return part;
  const auto size = static_cast<std::uint32_t>(thread.size());
  const std::uint32_t kept = 1 + rng.below(static_cast<std::uint32_t>(std::min<std::size_t>(size, operations_max)));
  const std::uint32_t first = rng.below(size - kept + 1);
  Entries entries(part.prefill);
  for (std::uint32_t at = 0; at < first; ++at) entries.follow(thread[at]);
  part.prefill = entries.all();
  thread = std::vector<Operation>(thread.begin() + first, thread.begin() + first + kept);
  return part;
}

}  // namespace

bool sampled_programs(Session& session, std::uint32_t runs) {
  const Program& best = session.best().program;
  if (best.threads.size() != 1 || best.threads[0].size() + best.prefill.size() < worth_it) return false;
  if (!session.best().choices.empty() || session.first().program.threads.size() != 1) return false;
  Rng rng(session.improvements());
  for (std::uint32_t run = 0; run < runs && !session.spent(); ++run) {
    const Program& from = rng.below(2) == 0 ? session.best().program : session.first().program;
    Program part = part_of(rng, from, session.best().program.threads[0].size());
    if (!part.threads[0].empty() && session.replay({std::move(part), {}})) return true;
  }
  return false;
}

}  // namespace mapquake
