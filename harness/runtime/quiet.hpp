// Points and questions at which the strategy need not be asked: it has said beforehand that it would answer 0
// (Strategy::quiet_points, Strategy::quiet_questions). Most scheduling points and nearly all questions about faults
// then cost a decrement. Within runtime/ only.
#pragma once

#include "harness/base/assert.hpp"

#include <algorithm>
#include <cstdint>

namespace mapquake::runtime {

/// A scheduling point asks questions of its own (shall this thread stand still?): they are set aside when points are
/// granted, `point_cost` for each.
///
/// Invariants: 1. questions + points * point_cost are left of questions_granted. 2. While points > 0 the ready threads
/// are those of the last decision, and neither a deadline nor Runtime::fairness_at comes before Runtime::check_at.
struct Quiet {
  std::uint32_t points = 0;
  std::uint32_t points_granted = 0;
  std::uint32_t questions = 0;
  std::uint32_t questions_granted = 0;
  std::uint32_t point_cost = 0;
  bool points_are_told = false;

  bool pass_point() {
    if (points == 0) return false;
    --points;
    return true;
  }
  bool pass_question() {
    if (questions == 0 && points != 0 && point_cost != 0) {
      --points;
      --points_granted;
      questions = point_cost;
    }
    if (questions == 0) return false;
    --questions;
    return true;
  }
  /// As so many of pass_question(), or none.
  bool pass_questions(std::uint32_t count) {
    if (questions < count) return false;
    questions -= count;
    return true;
  }

  /// From here on no point is quiet until some are granted anew.
  void end_points() {
    points_granted -= points;
    questions += points * point_cost;
    points = 0;
  }
  /// `told`: the strategy wants to know how many have passed. Requires: no points are left.
  void grant_points(std::uint32_t wanted, std::uint32_t cost, bool told) {
    MQ_ASSERT(points == 0);
    point_cost = cost;
    points = points_granted = cost == 0 ? wanted : std::min(wanted, questions / cost);
    questions -= points * cost;
    points_are_told = told;
  }
  /// Requires: none are left.
  void grant_questions(std::uint32_t count) {
    MQ_ASSERT(questions == 0 && points * point_cost == 0);
    questions = questions_granted = count;
  }

  /// Ends the points; how many passed unasked that the strategy is to be told.
  std::uint32_t take_passed_points() {
    end_points();
    const std::uint32_t passed = points_are_told ? points_granted : 0;
    points_granted = 0;
    return passed;
  }
  /// How many questions passed unasked since they were granted, or this was called.
  std::uint32_t take_passed_questions() {
    const std::uint32_t left = questions + points * point_cost;
    const std::uint32_t passed = questions_granted - left;
    questions_granted = left;
    return passed;
  }
};

}  // namespace mapquake::runtime
