#include "tests/support/afl_mutator.hpp"

#include <new>

using namespace mapquake;

namespace {

struct Mutator {
  Rng rng;
  std::vector<std::uint8_t> mutation;  // afl-fuzz reads it until the next one
};

}  // namespace

extern "C" {

// afl-fuzz passes what it knows of itself, whose layout is its own affair.
void* afl_custom_init(void*, unsigned seed) {
  return new (std::nothrow) Mutator{Rng(seed), {}};
}

std::size_t afl_custom_fuzz(void* mutator, std::uint8_t* data, std::size_t size, std::uint8_t** out,
                            std::uint8_t* other, std::size_t other_size, std::size_t size_max) {
  auto& self = *static_cast<Mutator*>(mutator);
  self.mutation = testing_support::mutation_of({data, size}, {other, other_size}, size_max, self.rng);
  // Null ends afl-fuzz; of length 0 it does not run any.
  *out = self.mutation.empty() ? data : self.mutation.data();
  return self.mutation.size();
}

void afl_custom_deinit(void* mutator) {
  delete static_cast<Mutator*>(mutator);
}
}
