#include "harness/wire/packed_reasons.hpp"

#include "harness/history/reason_words.hpp"
#include "tests/unit/history/drawn_reasons.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::uint32_t calls = 9;

History some_calls() {
  History history;
  for (std::uint32_t i = 0; i < calls; ++i) {
    history.calls.push_back({.thread = 1,
                             .op = i,
                             .operation = {OpKind::find, i, 0},
                             .invoked = 2 * i + 1,
                             .returned = 2 * i + 2,
                             .status = CallStatus::returned});
  }
  history.quiescent_from = calls;
  return history;
}

std::string words(const Reason& reason) {
  static const History history = some_calls();
  return in_words(std::vector<Reason>{reason}, history);
}

std::vector<std::uint8_t> packed(const Reason& reason) {
  std::vector<std::uint8_t> bytes;
  pack(reason, bytes);
  return bytes;
}

RC_GTEST_PROP(PackedReasons, ComeBackWhole, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  for (const Reason& reason : reasons::one_of_each(rng, calls)) {
    const std::vector<std::uint8_t> bytes = packed(reason);
    std::span<const std::uint8_t> rest = bytes;
    const auto back = unpack_reason(rest, calls);
    RC_ASSERT(back.has_value());
    RC_ASSERT(rest.empty());
    RC_ASSERT(back->index() == reason.index());
    RC_ASSERT(packed(*back) == bytes);
    RC_ASSERT(words(*back) == words(reason));
  }
}

RC_GTEST_PROP(PackedReasons, AreRefusedWhereSomethingIsMissing, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  for (const Reason& reason : reasons::one_of_each(rng, calls)) {
    const std::vector<std::uint8_t> bytes = packed(reason);
    std::span<const std::uint8_t> cut(bytes.data(), rng.below(static_cast<std::uint32_t>(bytes.size())));
    RC_ASSERT(!unpack_reason(cut, calls).has_value());
  }
}

// A map may have written over them: whatever is accepted can be told.
RC_GTEST_PROP(PackedReasons, OverwrittenOnesAreRefusedOrCanBeTold, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  for (const Reason& reason : reasons::one_of_each(rng, calls)) {
    std::vector<std::uint8_t> bytes = packed(reason);
    for (unsigned n = 1 + rng.below(4); n > 0; --n) {
      bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<std::uint8_t>(rng.next());
    }
    std::span<const std::uint8_t> rest = bytes;
    while (const auto back = unpack_reason(rest, calls)) words(*back);
  }
}

RC_GTEST_PROP(PackedReasons, AnyBytesAreRefusedOrCanBeTold, (const std::vector<std::uint8_t>& bytes)) {
  std::span<const std::uint8_t> rest = bytes;
  while (const auto back = unpack_reason(rest, calls)) words(*back);
}

TEST(PackedReasons, ThatNameACallThatThereIsNotAreRefused) {
  const std::vector<std::uint8_t> bytes = packed(reason::TornValue{CallRef{calls - 1}});
  std::span<const std::uint8_t> rest = bytes;
  EXPECT_FALSE(unpack_reason(rest, calls - 1));
  EXPECT_EQ(rest.size(), bytes.size()) << "nothing is taken";
  EXPECT_TRUE(unpack_reason(rest, calls));
}

TEST(PackedReasons, ValuesThatThereAreNotAreRefused) {
  const auto refused = [](const Reason& reason, std::size_t at, std::uint8_t value) {
    std::vector<std::uint8_t> bytes = packed(reason);
    bytes.at(at) = value;
    std::span<const std::uint8_t> rest = bytes;
    return !unpack_reason(rest, calls).has_value();
  };
  const reason::UnsupportedCall call;
  EXPECT_FALSE(refused(call, 2, 1));
  EXPECT_TRUE(refused(call, 2, 2)) << "no such function";
  EXPECT_TRUE(refused(call, 1, 200)) << "no such kind";
  EXPECT_TRUE(refused(call, 0, 2)) << "neither of answers nor of ends";
  EXPECT_TRUE(refused(reason::OutOfSteps{}, 2, 2)) << "neither there nor not";
  EXPECT_TRUE(refused(reason::MismatchedFree{}, 2, 64)) << "longer than it may be";
}

}  // namespace
}  // namespace mapquake
