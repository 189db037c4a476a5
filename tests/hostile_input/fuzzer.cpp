// libFuzzer and AFL++: the format is that of $MAPQUAKE_FORMAT (replay, log, …), the mutator that of mutator.hpp in turn
// with the engine's own. docs/hostile-input.md.
#include "tests/hostile_input/mutator.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace mapquake::hostile;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string wrong = judge(chosen_format(), {reinterpret_cast<const char*>(data), size}).unsound;
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "unsound: %s\n", wrong.c_str());
  std::abort();
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, size_max);
  mapquake::Rng rng(seed);
  const std::string input(reinterpret_cast<const char*>(data), size);
  // The seal behind the text may take it beyond the limit.
  std::string text = mutated(chosen_format(), input, input, size_max, rng);
  text.resize(std::min(text.size(), size_max));
  std::memcpy(data, text.data(), text.size());
  return text.size();
}
