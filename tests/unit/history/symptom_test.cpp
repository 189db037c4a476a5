#include "harness/history/symptom.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mapquake {
namespace {

constexpr auto last_symptom = static_cast<unsigned>(Symptom::internal_error);

TEST(Symptom, CodesAndWordsAreUnique) {
  std::set<std::string> codes, labels;
  for (unsigned i = 0; i <= last_symptom; ++i) {
    const auto symptom = static_cast<Symptom>(i);
    EXPECT_TRUE(codes.emplace(code_of(symptom)).second) << code_of(symptom);
    EXPECT_TRUE(labels.insert(label_of(FailureKind{Outcome::livelock, symptom})).second) << code_of(symptom);
    EXPECT_EQ(symptom_from_code(code_of(symptom)), symptom);
  }
  EXPECT_EQ(symptom_from_code("lost key"), std::nullopt) << "words are no code";
}

TEST(Symptom, LabelsOfOldFilesAreUnderstood) {
  const FailureKind kinds[] = {
      {Outcome::not_linearizable, Symptom::lost_key},
      {Outcome::data_race, Symptom::write_read},
      {Outcome::crash, Symptom::signal, "SIGSEGV"},
      {Outcome::crash, Symptom::killed, "Killed"},
      {Outcome::unexpected_exception, Symptom::exception, "std::out_of_range"},
      {Outcome::budget_exceeded, Symptom::budget, "find.max_waits"},
      {Outcome::invariant_broken, Symptom::own_check, "size is # but # are linked"},
      {Outcome::exception_guarantee_broken, Symptom::leak_after_throw},
      {Outcome::exception_guarantee_broken, Symptom::no_progress},
      {Outcome::exception_guarantee_broken, Symptom::own_check, "bucket # is a cycle"},
      {Outcome::nondeterministic, Symptom::saw, "crash"},
  };
  for (const FailureKind& kind : kinds)
    EXPECT_EQ(kind_from_label(kind.outcome, label_of(kind)), kind) << label_of(kind);
  EXPECT_EQ(label_of({Outcome::exception_guarantee_broken, Symptom::no_progress}), "no progress after a throw");
}

TEST(Symptom, ASearchIsAfterAKindOrAnOutcome) {
  const FailureKind lost{Outcome::not_linearizable, Symptom::lost_key};
  const FailureKind stale{Outcome::not_linearizable, Symptom::stale_value};
  EXPECT_TRUE((WantedFailure{lost}.matches(lost)));
  EXPECT_FALSE((WantedFailure{lost}.matches(stale)));
  EXPECT_TRUE((WantedFailure{lost, true}.matches(stale)));
  EXPECT_FALSE((WantedFailure{lost, true}.matches({Outcome::deadlock, Symptom::lock_cycle})));
  EXPECT_TRUE(WantedFailure{}.matches(stale)) << "any failure";
  EXPECT_FALSE(WantedFailure{}.matches({}));
}

}  // namespace
}  // namespace mapquake
