#include "harness/real/presets.hpp"

#include <gtest/gtest.h>

namespace mapquake::real {
namespace {

Measured with_rate(double rate) {
  Measured measured;
  for (int i = -1; i <= 1; ++i) {
    Repetition repetition;
    repetition.operations = static_cast<std::uint64_t>(rate * (100 + i));
    repetition.seconds = 100;
    measured.repetitions.push_back(repetition);
  }
  return measured;
}

Compared compared(double reported, double value, double low, double high) {
  Comparison comparison;
  comparison.reported = reported;
  return {comparison, Interval{value, low, high}};
}

TEST(Presets, CompareWhatTheyMeasure) {
  for (const Preset& preset : presets(0)) {
    EXPECT_FALSE(preset.points.empty()) << preset.name;
    EXPECT_FALSE(preset.comparisons.empty()) << preset.name;
    for (const Comparison& comparison : preset.comparisons) {
      EXPECT_LT(comparison.first, preset.points.size()) << preset.name;
      EXPECT_LT(comparison.second, preset.points.size()) << preset.name;
      EXPECT_NE(comparison.first, comparison.second) << preset.name;
    }
  }
  EXPECT_EQ(preset_names().size(), presets(0).size());
}

TEST(Presets, ARatioIsFirstBySecond) {
  Preset preset;
  preset.points.resize(3);
  preset.comparisons = {{"a / b", 0, 1}, {"a / nothing", 0, 2}};
  const auto result = compare(preset, std::vector{with_rate(300), with_rate(100), Measured{}});
  ASSERT_TRUE(result[0].measured);
  EXPECT_NEAR(result[0].measured->value, 3, 0.01);
  EXPECT_FALSE(result[1].measured);
}

TEST(Presets, AgreementIsToldFromDisagreement) {
  EXPECT_EQ(agreement(compared(2, 2.2, 2.1, 2.3)), Agreement::agrees);
  EXPECT_EQ(agreement(compared(2, 3.5, 1.9, 4.5)), Agreement::agrees);
  EXPECT_EQ(agreement(compared(2, 8, 7, 9)), Agreement::same_direction);
  EXPECT_EQ(agreement(compared(2, 1.02, 0.9, 1.1)), Agreement::undecided);
  EXPECT_EQ(agreement(compared(2, 1.9, 0.9, 3.1)), Agreement::too_wide);
  EXPECT_EQ(agreement(compared(2, 0.5, 0.4, 0.6)), Agreement::contradicts);
  EXPECT_EQ(agreement(compared(0.5, 2, 1.9, 2.1)), Agreement::contradicts);
}

TEST(Presets, TheCrossoverIsWhereTheSidesChange) {
  std::vector<Compared> sweep{compared(1, 2, 1.9, 2.1), compared(1, 1.2, 1.1, 1.3), compared(1, 0.8, 0.7, 0.9)};
  EXPECT_EQ(crossover(sweep).where, Crossover::Where::between);
  EXPECT_EQ(crossover(sweep).at, 1U);
  sweep.pop_back();
  EXPECT_EQ(crossover(sweep).where, Crossover::Where::nowhere);
  sweep.push_back({});
  EXPECT_EQ(crossover(sweep).where, Crossover::Where::unknown);
}

}  // namespace
}  // namespace mapquake::real
