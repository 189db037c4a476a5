// What the benchmarks found, beside what is aimed at.
#pragma once

#include <string>
#include <vector>

namespace mapquake::bench {

enum class Aim { at_least, at_most, none };

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  Aim aim = Aim::none;
  double target = 0;
};

/// The figures of this run, each once; a later one of the same name replaces the first.
class Figures {
 public:
  void set(Figure figure);
  /// One line each: name, measured, target, and whether it was reached.
  std::string table() const;

 private:
  std::vector<Figure> all_;
};

/// Processor time of the workers of this process's executors: what else the machine does hardly matters to it.
double worker_seconds();

/// Google Benchmark calls plain functions; this is where they leave what they measured.
Figures& figures();

}  // namespace mapquake::bench
