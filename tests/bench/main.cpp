// Google Benchmark as usual, and at the end a table of the figures that the project promises.
#include "harness/worker/template_process.hpp"
#include "tests/bench/figures.hpp"

#include <benchmark/benchmark.h>

#include <iostream>

int main(int argc, char** argv) {
  mapquake::serve_if_child(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
  benchmark::RunSpecifiedBenchmarks();
  std::cout << mapquake::bench::figures().table();
}
