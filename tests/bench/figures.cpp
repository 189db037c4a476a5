#include "tests/bench/figures.hpp"

#include "tests/support/running.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace mapquake::bench {
namespace {

std::string number(double value) {
  if (value < 10) return fmt::format("{:.2f}", value);
  if (value < 100) return fmt::format("{:.1f}", value);
  const std::string plain = fmt::format("{:.0f}", value);
  std::string digits;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i != 0 && (plain.size() - i) % 3 == 0) digits += ',';
    digits += plain[i];
  }
  return digits;
}

const char* verdict(const Figure& figure) {
  if (figure.aim == Aim::none) return "";
  const bool reached = figure.aim == Aim::at_least ? figure.value >= figure.target : figure.value <= figure.target;
  return reached ? "reached" : "MISSED";
}

}  // namespace

void Figures::set(Figure figure) {
  const auto old = std::find_if(all_.begin(), all_.end(), [&](const Figure& f) { return f.name == figure.name; });
  if (old == all_.end()) {
    all_.push_back(std::move(figure));
  } else {
    *old = std::move(figure);
  }
}

std::string Figures::table() const {
  std::string text = fmt::format("\n{:<58} {:>12} {:<14} {:>16}\n", "figure", "measured", "unit", "target");
  for (const Figure& figure : all_) {
    std::string target;
    if (figure.aim != Aim::none) {
      target = fmt::format("{} {}", figure.aim == Aim::at_least ? ">=" : "<=", number(figure.target));
    }
    text += fmt::format("{:<58} {:>12} {:<14} {:>16}  {}\n", figure.name, number(figure.value), figure.unit, target,
                        verdict(figure));
  }
  return text;
}

double worker_seconds() {
  double sum = 0;
  for (const int child : testing_support::children_of(::getpid())) {
    for (const int worker : testing_support::children_of(child)) sum += testing_support::cpu_seconds_of(worker);
  }
  return sum;
}

Figures& figures() {
  static Figures all;
  return all;
}

}  // namespace mapquake::bench
