// What map code sees of the machine, where no scheduling point is involved. (Everything else is checked from inside map
// code: tests/plugins/*_probe.cpp.)
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/shims.hpp"

#include <gtest/gtest.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <random>
#include <vector>

namespace mapquake::runtime {
namespace {

/// As map code would.
template <class Function>
auto in_map_code(Function function) {
  const MapScope scope;
  return function();
}

std::vector<std::uint64_t> random_numbers() {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(6);
  in_map_code([&] {
    std::random_device device;
    numbers.push_back(device());
    std::uint64_t number = 0;
    numbers.push_back(static_cast<std::uint64_t>(getrandom(&number, sizeof number, 0)));
    numbers.push_back(number);
    numbers.push_back(arc4random());
    numbers.push_back(static_cast<std::uint64_t>(std::rand()));
    numbers.push_back(static_cast<std::uint64_t>(lrand48()));
    return 0;
  });
  return numbers;
}

TEST(ShimsEnvironment, EveryExecutionSeesTheSameRandomNumbers) {
  shims_reset();
  const auto first = random_numbers();
  const auto later = random_numbers();
  shims_reset();
  EXPECT_EQ(random_numbers(), first);
  EXPECT_NE(later, first);
}

TEST(ShimsEnvironment, SrandRepeats) {
  shims_reset();
  const auto sequence = [](unsigned seed) {
    return in_map_code([seed] {
      srand(seed);
      return std::array{std::rand(), std::rand()};
    });
  };
  EXPECT_EQ(sequence(7), sequence(7));
  EXPECT_NE(sequence(7), sequence(8));
}

TEST(ShimsEnvironment, TheMachineIsTheSameEverywhere) {
  EXPECT_EQ(in_map_code([] { return sysconf(_SC_NPROCESSORS_ONLN); }), 2);
  EXPECT_EQ(in_map_code([] { return get_nprocs(); }), 2);
  EXPECT_EQ(in_map_code([] { return getpid(); }), 1000);
  EXPECT_NE(getpid(), 1000);
  const auto [answer, error] = in_map_code([] {
    const pid_t child = fork();
    return std::pair(child, errno);
  });
  EXPECT_EQ(answer, -1);
  EXPECT_EQ(error, ENOSYS);
}

}  // namespace
}  // namespace mapquake::runtime
