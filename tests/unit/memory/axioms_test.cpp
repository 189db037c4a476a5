// What is executed against what is written: over arbitrary small programs, every outcome that StoreHistories shows is
// allowed by the axioms, and where they are said to be complete it shows all of them.
#include "tests/unit/memory/axioms.hpp"

#include "harness/base/rng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace mapquake::memory {
namespace {

constexpr int seq_cst = 5;

/// What the instructions of a program are drawn from; a kind that stands there twice is twice as likely.
struct Vocabulary {
  std::string_view kinds;
  bool with_seq_cst = false;
};

int any_order(Rng& rng, const Vocabulary& vocabulary, char kind) {
  static constexpr std::array<int, 2> loads{0, 2}, stores{0, 3};
  static constexpr std::array<int, 3> fences{2, 3, 4};
  static constexpr std::array<int, 4> modifications{0, 2, 3, 4};
  if (vocabulary.with_seq_cst && rng.below(4) == 0) return seq_cst;
  const auto one_of = [&](const auto& orders) { return orders[rng.below(static_cast<std::uint32_t>(orders.size()))]; };
  return kind == 'R'   ? one_of(loads)
         : kind == 'W' ? one_of(stores)
         : kind == 'F' ? one_of(fences)
                       : one_of(modifications);
}

LitmusProgram any_program(Rng& rng, const Vocabulary& vocabulary) {
  LitmusProgram program;
  program.threads.resize(2 + rng.below(2));
  unsigned left = program.threads.size() == 2 ? 6 : 7;
  std::uint64_t value = 1;
  for (auto& thread : program.threads) {
    for (unsigned count = 1 + rng.below(3); count > 0 && left > 0; --count, --left) {
      Instruction one{.kind = vocabulary.kinds[rng.below(static_cast<std::uint32_t>(vocabulary.kinds.size()))]};
      one.order = any_order(rng, vocabulary, one.kind);
      if (one.kind != 'F') one.location = "xy"[rng.below(2)];
      if (one.kind != 'F' && one.kind != 'R') one.value = value++;
      if (one.kind == 'C') one.expected = rng.below(static_cast<std::uint32_t>(value));
      if (one.location != 0 && program.final_values.find(one.location) == std::string::npos) {
        program.final_values += one.location;
      }
      thread.push_back(one);
    }
  }
  return program;
}

std::string text_of(const LitmusProgram& program) {
  std::string text;
  for (const auto& thread : program.threads) {
    for (const Instruction& one : thread) {
      text += one.kind;
      if (one.location != 0) text += one.location;
      if (one.kind == 'C') text += std::to_string(one.expected) + "→";
      if (one.value != 0) text += std::to_string(one.value);
      text += ":" + std::to_string(one.order) + " ";
    }
    text += "| ";
  }
  return text;
}

void compare(const Vocabulary& vocabulary, bool complete, std::uint64_t seed, unsigned programs) {
  Rng rng(seed);
  unsigned shown = 0;
  for (unsigned i = 0; i < programs; ++i) {
    const LitmusProgram program = any_program(rng, vocabulary);
    const std::set<std::string> executed = run_litmus(program).outcomes;
    const std::set<std::string> allowed = allowed_by_axioms(program);
    shown += executed == allowed;
    if (complete) {
      EXPECT_EQ(executed, allowed) << text_of(program);
    }
    for (const std::string& outcome : executed) EXPECT_TRUE(allowed.contains(outcome)) << text_of(program) << outcome;
  }
  EXPECT_GE(shown * 10, programs * 9);  // elsewhere little is missing
}

TEST(StoreHistoryAgainstTheAxioms, ExactWithoutReadModifyWritesAndSeqCst) {
  compare({"RWRWF", false}, true, 1, 300);
}

TEST(StoreHistoryAgainstTheAxioms, NothingForbiddenWithSeqCst) {
  compare({"RWRWF", true}, false, 2, 300);
}

TEST(StoreHistoryAgainstTheAxioms, NothingForbiddenWithReadModifyWrites) {
  compare({"RWRWFAXC", true}, false, 3, 300);
}

// The axioms are themselves held against what the literature says of well-known programs.
TEST(StoreHistoryAgainstTheAxioms, TheAxiomsKnowTheClassics) {
  const auto allows = [](const char* text, const char* outcome) {
    return allowed_by_axioms(parse_litmus(text)).contains(outcome);
  };
  EXPECT_TRUE(allows("Wx1:rlx Wy1:rlx | Ry:acq Rx:rlx", "10"));
  EXPECT_FALSE(allows("Wx1:rlx Wy1:rel | Ry:acq Rx:rlx", "10"));
  EXPECT_TRUE(allows("Wx1:rel Ry:acq | Wy1:rel Rx:acq", "00"));
  EXPECT_FALSE(allows("Wx1:sc Ry:sc | Wy1:sc Rx:sc", "00"));
  EXPECT_FALSE(allows("Wx1:rlx F:sc Ry:rlx | Wy1:rlx F:sc Rx:rlx", "00"));
  EXPECT_TRUE(allows("Wx1:rel | Wy1:rel | Rx:acq Ry:acq | Ry:acq Rx:acq", "1010"));
  EXPECT_FALSE(allows("Wx1:sc | Wy1:sc | Rx:sc Ry:sc | Ry:sc Rx:sc", "1010"));
  EXPECT_TRUE(allows("Wx1:rlx Wy2:rlx | Wy1:rlx Wx2:rlx ; x y", "11"));
  EXPECT_FALSE(allows("Wx1:rlx Wx2:rlx | Rx:rlx Rx:rlx", "21"));
  EXPECT_FALSE(allows("Ax1:rlx | Ax1:rlx", "00"));
}

}  // namespace
}  // namespace mapquake::memory
