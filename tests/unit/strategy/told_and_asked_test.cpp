// What a strategy promises to answer agrees with what it answers when asked, and decorators pass on what they must.
#include "harness/strategy/bounded.hpp"
#include "harness/strategy/delay_bounded.hpp"
#include "harness/strategy/hold.hpp"
#include "harness/strategy/nth_fault.hpp"
#include "harness/strategy/pct.hpp"
#include "harness/strategy/pinned.hpp"
#include "harness/strategy/random_walk.hpp"
#include "harness/strategy/replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

constexpr std::uint32_t all_kinds = (std::uint32_t{1} << choice_kind_count) - 1;

/// Of every kind that a strategy must tell apart: faults, the map's randomness, weak memory.
constexpr std::array<ChoiceKind, 4> kinds{ChoiceKind::alloc_fail, ChoiceKind::spurious_cas, ChoiceKind::adapter,
                                          ChoiceKind::stale_read};

/// A strategy and what it stands on.
struct Made {
  std::vector<std::unique_ptr<Strategy>> parts;  ///< the outermost last
  Strategy& strategy() const { return *parts.back(); }
  template <class S, class... Arguments>
  void add(Arguments&&... arguments) {
    parts.push_back(std::make_unique<S>(std::forward<Arguments>(arguments)...));
  }
};

using Answers = std::vector<std::uint32_t>;

/// Threads of `events` events each, at each of which a point and then some questions come up, until all have ended.
/// `promises`: what need not be asked is not, and told as the runtime does; else everything is asked.
class Driver {
 public:
  Driver(Strategy& strategy, bool promises) : strategy_(strategy), promises_(promises) {}

  Answers run(std::uint64_t seed, unsigned threads, unsigned events) {
    EXPECT_TRUE(strategy_.next());
    strategy_.begin(seed, threads);
    kinds_ = strategy_.fault_kinds() | fault_bit(ChoiceKind::adapter);
    quiet_questions_ = promises_ ? strategy_.quiet_questions() : 0;
    std::vector<unsigned> done(threads + 1, 0);
    forced_.clear();
    for (ThreadId thread = 0; thread <= threads; ++thread) forced_.push_back(strategy_.next_forced_event(thread, 0));
    for (ThreadId thread = 1; thread <= threads; ++thread) ready_.push_back(thread);
    ThreadId current = point({.thread = main_thread, .event = 1, .can_continue = false});
    while (!ready_.empty()) {
      const std::uint32_t event = ++done[current];
      const bool ends = event > events;
      if (ends) std::erase(ready_, current);
      if (ready_.empty()) break;
      const bool yields = !ends && event % 7 == 0;
      const ThreadId before = current;
      current = point({.thread = current, .event = event, .can_continue = !ends, .yielding = yields});
      if (current != before || ends) continue;
      for (const ChoiceKind kind : kinds) {
        if ((event + static_cast<unsigned>(kind)) % 3 != 0) question({.thread = current, .event = event}, kind);
      }
    }
    tell();
    return answers_;
  }

 private:
  void tell() {
    if (const std::uint32_t passed = std::exchange(passed_, 0); passed > 0) strategy_.passed(passed);
    if (const std::uint32_t unasked = std::exchange(unasked_, 0); unasked > 0) strategy_.unasked(unasked);
  }

  ThreadId point(const Point& at) {
    const bool forced = at.event >= forced_[at.thread];
    if (at.can_continue && !at.yielding && !forced && quiet_points_ > 0) {
      --quiet_points_;
      ++passed_;
      answers_.push_back(at.thread);
      return at.thread;
    }
    if (const std::uint32_t passed = std::exchange(passed_, 0); passed > 0) strategy_.passed(passed);
    const ThreadId next = strategy_.next_thread(at, ready_);
    EXPECT_TRUE(std::binary_search(ready_.begin(), ready_.end(), next));
    if (forced) forced_[at.thread] = std::max(strategy_.next_forced_event(at.thread, 0), at.event + 1);
    quiet_points_ = promises_ ? strategy_.quiet_points() : 0;
    answers_.push_back(next);
    return next;
  }

  void question(const Point& at, ChoiceKind kind) { answers_.push_back(answer(at, kind)); }
  std::uint32_t answer(const Point& at, ChoiceKind kind) {
    const bool is_fault = kind != ChoiceKind::adapter && kind != ChoiceKind::stale_read;
    if (promises_ && (kinds_ & fault_bit(kind)) == 0) return 0;
    const bool counts = is_fault && (kinds_ & fault_bit(kind)) != 0;
    if (counts && quiet_questions_ > 0) {
      --quiet_questions_;
      ++unasked_;
      return 0;
    }
    if (const std::uint32_t unasked = std::exchange(unasked_, 0); unasked > 0) strategy_.unasked(unasked);
    const std::uint32_t given = strategy_.next_choice(at, kind, 5);
    EXPECT_LT(given, 5u);
    if (promises_) quiet_questions_ = strategy_.quiet_questions();
    return given;
  }

  Strategy& strategy_;
  bool promises_;
  std::uint32_t kinds_ = 0;
  std::uint32_t quiet_points_ = 0, passed_ = 0;
  std::uint32_t quiet_questions_ = 0, unasked_ = 0;
  std::vector<std::uint32_t> forced_;
  std::vector<ThreadId> ready_;
  Answers answers_;
};

const std::vector<Choice> recorded{{1, 0, 2, ChoiceKind::alloc_fail, 1},
                                   {1, 0, 3, ChoiceKind::schedule, 2},
                                   {2, 0, 4, ChoiceKind::spurious_cas, 1},
                                   {2, 0, 9, ChoiceKind::schedule, 3}};

struct Named {
  const char* name;
  std::function<void(Made&)> make;
};
void PrintTo(const Named& named, std::ostream* out) {
  *out << named.name;
}

class EveryStrategy : public testing::TestWithParam<std::tuple<Named, int>> {
 protected:
  /// Bare, under pinned choices, under a fault, under both.
  static Made made() {
    const auto& [base, decorators] = GetParam();
    Made made;
    base.make(made);
    const NthFault::Target target{.kind = ChoiceKind::alloc_fail, .thread = 2, .n = 3};
    if ((decorators & 1) != 0) made.add<NthFault>(made.strategy(), target);
    if ((decorators & 2) != 0) made.add<PinnedStrategy>(made.strategy(), recorded);
    return made;
  }
};

TEST_P(EveryStrategy, AnswersWhenAskedWhatItPromisedOtherwise) {
  const Made asked = made();
  const Made told = made();
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const unsigned threads = 2 + seed % 3;
    const unsigned events = 1 + seed % 40;
    const Answers one = Driver(asked.strategy(), false).run(seed, threads, events);
    const Answers other = Driver(told.strategy(), true).run(seed, threads, events);
    ASSERT_EQ(one, other) << "seed " << seed;
  }
}

TEST_P(EveryStrategy, KindsThatItLeavesOutAreAnsweredWithZero) {
  const Made one = made();
  ASSERT_TRUE(one.strategy().next());
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    one.strategy().begin(seed, 2);
    const std::uint32_t left_out = all_kinds & ~one.strategy().fault_kinds();
    for (std::uint32_t event = 1; event < 20; ++event) {
      for (const ChoiceKind kind : kinds) {
        const std::uint32_t answer = one.strategy().next_choice({.thread = 1, .event = event}, kind, 3);
        if (kind != ChoiceKind::adapter && (left_out & fault_bit(kind)) != 0) {
          ASSERT_EQ(answer, 0u);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Strategies, EveryStrategy,
    testing::Combine(testing::Values(Named{"random_walk", [](Made& made) { made.add<RandomWalk>(all_kinds); }},
                                     Named{"random_walk_without_faults", [](Made& made) { made.add<RandomWalk>(0); }},
                                     Named{"pct2", [](Made& made) { made.add<Pct>(2, all_kinds); }},
                                     Named{"pct5", [](Made& made) { made.add<Pct>(5, all_kinds); }},
                                     Named{"hold", [](Made& made) { made.add<Hold>(all_kinds); }},
                                     Named{"delay", [](Made& made) { made.add<DelayBounded>(all_kinds); }},
                                     Named{"replay", [](Made& made) { made.add<Replay>(recorded); }},
                                     Named{"bounded", [](Made& made) { made.add<BoundedSearch>(16, 1u << 16); }}),
                     testing::Range(0, 4)));

/// Answers each method with a value of its own and counts what it is told.
class Telltale final : public Strategy {
 public:
  bool next() override { return ++nexts, false; }
  bool exhausted() const override { return true; }
  void begin(std::uint64_t seed, unsigned count) override { begun = seed + count; }
  ThreadId next_thread(const Point&, std::span<const ThreadId> ready) override { return ready.back(); }
  std::uint32_t quiet_points() override { return 3; }
  void passed(std::uint32_t count) override { told_passed += count; }
  std::uint32_t next_choice(const Point&, ChoiceKind, std::uint32_t n) override { return n - 1; }
  std::uint32_t quiet_questions() override { return 4; }
  void unasked(std::uint32_t count) override { told_unasked += count; }
  std::uint32_t fault_kinds() const override { return 5; }
  std::uint32_t next_forced_event(ThreadId thread, OpIndex op) override { return thread * 10u + op; }

  unsigned nexts = 0;
  std::uint64_t begun = 0;
  std::uint32_t told_passed = 0, told_unasked = 0;
};

TEST(Forwarding, EveryMethodReachesTheBase) {
  Telltale base;
  ForwardingStrategy forwarding(base);
  Strategy& strategy = forwarding;
  const std::vector<ThreadId> ready{1, 2};
  EXPECT_FALSE(strategy.next());
  EXPECT_EQ(base.nexts, 1u);
  EXPECT_TRUE(strategy.exhausted());
  strategy.begin(40, 2);
  EXPECT_EQ(base.begun, 42u);
  EXPECT_EQ(strategy.next_thread({.thread = 1}, ready), 2u);
  EXPECT_EQ(strategy.quiet_points(), 3u);
  strategy.passed(2);
  EXPECT_EQ(base.told_passed, 2u);
  EXPECT_EQ(strategy.next_choice({}, ChoiceKind::delay, 9), 8u);
  EXPECT_EQ(strategy.quiet_questions(), 4u);
  strategy.unasked(3);
  EXPECT_EQ(base.told_unasked, 3u);
  EXPECT_EQ(strategy.fault_kinds(), 5u);
  EXPECT_EQ(strategy.next_forced_event(2, 1), 21u);
}

TEST(Forwarding, DecoratorsEndWithTheirBase) {
  Telltale base;
  NthFault fault(base, {});
  PinnedStrategy pinned(fault, recorded);
  EXPECT_FALSE(pinned.next());
  EXPECT_TRUE(pinned.exhausted());
}

TEST(Pinned, KindsOfWhatIsPinnedTakePart) {
  RandomWalk base(0);
  PinnedStrategy pinned(base, recorded);
  pinned.begin(1, 2);
  EXPECT_EQ(pinned.fault_kinds() & ~fault_bit(ChoiceKind::schedule),
            fault_bit(ChoiceKind::alloc_fail) | fault_bit(ChoiceKind::spurious_cas));
}

}  // namespace
}  // namespace mapquake
