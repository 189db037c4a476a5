// Threads that start together and are joined, for the kernels of this directory.
//
// The kernels follow the ones that SCTBench (P. Thomson, A. F. Donaldson, A. Betts, "Concurrency testing using schedule
// bounding: an empirical study", PPoPP 2014) collects, written anew from their published descriptions. What they share
// is atomic or locked, so that the property they break, and not a data race, is what has to be found.
#pragma once

#include <mapquake/program.hpp>

#include <array>
#include <thread>

namespace kernel {

template <class... Bodies>
void run_together(Bodies... bodies) {
  std::array threads{std::thread(bodies)...};
  for (std::thread& thread : threads) thread.join();
}

/// `count` threads of the one kind and one of the other.
template <unsigned count, class Many, class One>
void run_many_and_one(Many many, One one) {
  std::array<std::thread, count> threads;
  for (std::thread& thread : threads) thread = std::thread(many);
  std::thread single(one);
  for (std::thread& thread : threads) thread.join();
  single.join();
}

}  // namespace kernel
