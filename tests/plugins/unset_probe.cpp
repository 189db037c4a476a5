// Memory that nobody has written since it was allocated: where it decides something, and where it is merely copied.
#include "probe.hpp"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

namespace {

using probe::hidden;

/// Something that shows which way the code went.
void take_note(bool noted) {
  if (noted) std::this_thread::yield();
}

struct UnsetNumber {
  static constexpr const char* about = "a number that nobody has set decides which way the code goes";
  static constexpr const char* provokes = "uninitialised read";
  static void run() {
    const std::unique_ptr<int> number(hidden(new int));
    take_note(*number == 0);
  }
};
MAPQUAKE_MAP("probe_unset_number", probe::Probe<UnsetNumber>);

struct Half {
  int set;
  int unset;
};

struct UnsetInACopy {
  static constexpr const char* about = "a number that nobody has set decides, in a copy on the stack";
  static constexpr const char* provokes = "uninitialised read";
  static void run() {
    const std::unique_ptr<Half> one(hidden(new Half));
    one->set = 1;
    Half copy;
    std::memcpy(hidden(&copy), one.get(), sizeof copy);
    const Half* const seen = hidden(&copy);
    take_note(seen->set == 1 && seen->unset == 0);
  }
};
MAPQUAKE_MAP("probe_unset_in_a_copy", probe::Probe<UnsetInACopy>);

struct UnsetBehindRealloc {
  static constexpr const char* about = "realloc adds memory that nobody has set";
  static constexpr const char* provokes = "uninitialised read";
  static void run() {
    auto* const numbers = hidden(static_cast<int*>(std::realloc(hidden(std::calloc(2, sizeof(int))), 4 * sizeof(int))));
    take_note(numbers[3] == 0);
    std::free(numbers);
  }
};
MAPQUAKE_MAP("probe_unset_behind_realloc", probe::Probe<UnsetBehindRealloc>);

struct UnsetAtomic {
  static constexpr const char* about = "an atomic object that nobody has set decides";
  static constexpr const char* provokes = "uninitialised read";
  static void run() {
    const std::unique_ptr<int> number(hidden(new int));
    int expected = 0;
    take_note(std::atomic_ref<int>(*number).compare_exchange_strong(expected, 1));
  }
};
MAPQUAKE_MAP("probe_unset_atomic", probe::Probe<UnsetAtomic>);

struct UnsetCompared {
  static constexpr const char* about = "memcmp meets bytes that nobody has set";
  static constexpr const char* provokes = "uninitialised read";
  static void run() {
    const std::unique_ptr<char[]> one(hidden(new char[100])), zeroes(hidden(new char[100]()));
    std::memset(one.get(), 0, 99);
    const std::size_t bytes = 100;
    take_note(std::memcmp(one.get(), zeroes.get(), *hidden(&bytes)) == 0);
  }
};
MAPQUAKE_MAP("probe_unset_compared", probe::Probe<UnsetCompared>);

struct UnsetButUnused {
  static constexpr const char* about =
      "what nobody has set is copied and decides nothing; what is zero or 0xCD was set";
  static void run() {
    const std::unique_ptr<Half[]> halves(hidden(new Half[4])), copies(hidden(new Half[4]));
    for (int i = 0; i < 4; ++i) halves[i].set = i;
    for (int i = 0; i < 4; ++i) copies[i] = halves[i];
    halves[1] = *hidden(&copies[2]);
    CHECK(halves[1].set == 2);

    const std::unique_ptr<std::uint32_t> pattern(hidden(new std::uint32_t(0xCDCDCDCD)));
    take_note(*pattern == 0xCDCDCDCD);
    auto* const zeroes = hidden(static_cast<int*>(std::calloc(4, sizeof(int))));
    take_note(zeroes[2] == 0);
    std::free(zeroes);
  }
};
MAPQUAKE_MAP("probe_unset_but_unused", probe::Probe<UnsetButUnused>);

struct SetByALibrary {
  static constexpr const char* about = "what code without instrumentation writes has been set";
  static void run() {
    const std::unique_ptr<char[]> text(hidden(new char[32]));
    std::snprintf(text.get(), 32, "%d", 57);
    CHECK(text[0] == '5' && text[2] == 0);
    const std::string words(hidden(text.get()));
    CHECK(words == "57");
  }
};
MAPQUAKE_MAP("probe_set_by_a_library", probe::Probe<SetByALibrary>);

}  // namespace
