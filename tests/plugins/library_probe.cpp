// Libraries that were loaded before the plugin make some of their state on first use. That happens before map code
// runs, or is put back with it: an execution must not see that there was one before it, even if that was given up
// half-way.
#include "probe.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <locale>
#include <memory>
#include <numeric>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

namespace {

struct LibraryState {
  static constexpr const char* about = "time zones, locales, streams, regular expressions, sorting buffers";
  static void run() {
    const std::time_t day = 86'400;
    std::tm broken_down{};
    CHECK(localtime_r(&day, &broken_down) != nullptr);
    CHECK(std::localtime(&day) != nullptr);
    char text[64];
    CHECK(std::strftime(text, sizeof text, "%Y", &broken_down) == 4);
    std::ostringstream stream;
    stream << 1.5 << ' ' << 42 << ' ' << true;
    CHECK(stream.str() == "1.5 42 1");
    std::FILE* const sink = std::fopen("/dev/null", "w");
    CHECK(sink != nullptr);
    CHECK(std::fprintf(sink, "%f %s", 3.25, std::strerror(2)) > 0);
    CHECK(std::fclose(sink) == 0);
    CHECK(std::regex_match("key17", std::regex("[a-z]+[0-9]+")));
    std::vector<int> numbers(300);
    std::iota(numbers.rbegin(), numbers.rend(), 0);
    std::stable_sort(numbers.begin(), numbers.end());
    CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    CHECK(std::locale() == std::locale::classic());
  }
};
MAPQUAKE_MAP("probe_library_state", probe::Probe<LibraryState>);

struct SharedPointerLocks {
  static constexpr const char* about = "the C++11 atomic functions of shared_ptr lock inside the library";
  static void run() {
    auto pointer = std::make_shared<int>(0);
    const auto increment = [&] {
      auto old = std::atomic_load(&pointer);
      while (!std::atomic_compare_exchange_weak(&pointer, &old, std::make_shared<int>(*old + 1))) continue;
    };
    {
      std::jthread a(increment), b(increment);
      increment();
    }
    CHECK(*pointer == 3);
  }
};
MAPQUAKE_MAP("probe_shared_pointer_locks", probe::Probe<SharedPointerLocks>);

struct AbandonedLock {
  static constexpr const char* about =
      "provokes: the end, maybe with a mutex inside the library locked; never a deadlock";
  static constexpr const char* provokes = "invariant broken";
  static void run() {
    auto pointer = std::make_shared<int>(1);
    const auto watch = [&] { CHECK(std::atomic_load(&pointer) != nullptr); };
    std::jthread a(watch), b(watch);
    std::this_thread::yield();
    mapquake::fail("as intended");
  }
};
MAPQUAKE_MAP("probe_abandoned_lock", probe::Probe<AbandonedLock>);

}  // namespace
