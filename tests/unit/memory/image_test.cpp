#include "harness/memory/image.hpp"

#include "tests/support/places.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <array>
#include <thread>

namespace mapquake::memory {
namespace {

TEST(Image, PutsBackWhatWasThere) {
  std::array<int, 4> numbers{1, 2, 3, 4};
  double other = 0.5;
  Image image;
  image.add(numbers.data(), sizeof numbers);
  image.add(&other, sizeof other);
  image.add(&other, 0);
  numbers = {};
  other = 7;
  image.restore();
  EXPECT_EQ(numbers, (std::array<int, 4>{1, 2, 3, 4}));
  EXPECT_EQ(other, 0.5);
  EXPECT_EQ(image.bytes(), sizeof numbers + sizeof other);
}

TEST(Image, KnowsItsRanges) {
  std::array<char, 64> bytes{};
  Image image;
  image.add(&bytes[16], 16);
  const auto at = [&](std::size_t i) { return reinterpret_cast<std::uint64_t>(&bytes[i]); };
  EXPECT_FALSE(image.contains(at(15)));
  EXPECT_TRUE(image.contains(at(16)));
  EXPECT_TRUE(image.contains(at(31)));
  EXPECT_FALSE(image.contains(at(32)));
}

TEST(Image, OfObjectsThatWereLoadedSince) {
  const LoadedObjects before;
  EXPECT_EQ(image_of_new_objects(before).bytes(), 0u);
  const std::string plugin = testing_support::bundled_plugin("rwlock_map").string();
  void* const library = ::dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  // Restoring it must be possible: parts that the linker made read-only are left out.
  image_of_new_objects(before).restore();
  ::dlclose(library);
}

thread_local int of_this_thread = 5;

TEST(Image, ThreadLocalStorageOfTheExecutableIsNotTheMaps) {
  std::thread([] {
    of_this_thread = 6;
    const Image image = image_of_this_threads_tls();
    EXPECT_FALSE(image.contains(reinterpret_cast<std::uint64_t>(&of_this_thread)));
    image.restore();
    EXPECT_EQ(of_this_thread, 6);
  }).join();
}

}  // namespace
}  // namespace mapquake::memory
