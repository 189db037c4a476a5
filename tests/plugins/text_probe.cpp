// What the functions of <string.h> on text do to memory: their answers stay what they are, and what they touch is
// looked at, as far as they touch it and no further.
#include "probe.hpp"

#include <strings.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

namespace {

using probe::hidden;

/// A block of just so many bytes.
std::unique_ptr<char[]> block_of(std::size_t bytes) {
  return std::unique_ptr<char[]>(hidden(new char[bytes]));
}

struct Texts {
  static constexpr const char* about = "functions on text, to the last byte of their blocks";
  static void run() {
    const auto abc = block_of(4), abd = block_of(4), wide = block_of(9), open = block_of(3);
    CHECK(std::strcpy(abc.get(), "abc") == abc.get());
    CHECK(::stpcpy(abd.get(), "abd") == abd.get() + 3);
    CHECK(std::strlen(abc.get()) == 3 && ::strnlen(abc.get(), 4) == 3 && ::strnlen(abc.get(), 2) == 2);
    CHECK(std::strcmp(abc.get(), abd.get()) < 0 && std::strncmp(abc.get(), abd.get(), 2) == 0);
    CHECK(::strcasecmp(abc.get(), "ABC") == 0 && ::strncasecmp(abc.get(), "ABX", 2) == 0);
    CHECK(std::strchr(abc.get(), 'c') == abc.get() + 2 && std::strrchr(abc.get(), 'x') == nullptr);
    CHECK(std::memchr(abc.get(), 'b', 4) == abc.get() + 1);
    // Compared and searched as far as it takes.
    std::memcpy(open.get(), "abx", 3);
    CHECK(std::strcmp(open.get(), abc.get()) > 0 && std::strncmp(open.get(), "abxy", 3) == 0);
    CHECK(::strnlen(open.get(), 3) == 3 && std::memchr(open.get(), 'a', 100) == open.get());
    CHECK(std::strncpy(wide.get(), abc.get(), 9) == wide.get() && wide[8] == 0);
    std::strcat(wide.get(), abd.get());
    std::strncat(wide.get(), open.get(), 2);
    CHECK(std::strcmp(wide.get(), "abcabdab") == 0);
    char* const copy = ::strdup(wide.get());
    char* const part = ::strndup(open.get(), 3);
    CHECK(std::strcmp(copy, wide.get()) == 0 && std::strcmp(part, "abx") == 0);
    std::free(copy);
    std::free(part);
  }
};
MAPQUAKE_MAP("probe_texts", probe::Probe<Texts>);

struct CompareOfFreed {
  static constexpr const char* about = "strcmp with a key that was freed";
  static constexpr const char* provokes = "use after free";
  static void run() {
    char* const key = hidden(::strdup("key"));
    std::free(hidden(key));
    CHECK(std::strcmp(key, "another") != 2);
  }
};
MAPQUAKE_MAP("probe_compare_of_freed", probe::Probe<CompareOfFreed>);

struct CopyTooLong {
  static constexpr const char* about = "strcpy without room for the byte that ends the text";
  static constexpr const char* provokes = "out of bounds";
  static void run() { std::strcpy(block_of(5).get(), hidden("abcde")); }
};
MAPQUAKE_MAP("probe_copy_too_long", probe::Probe<CopyTooLong>);

struct FilledTooFar {
  static constexpr const char* about = "strncpy fills more than there is";
  static constexpr const char* provokes = "out of bounds";
  static void run() { std::strncpy(block_of(16).get(), hidden("ab"), 17); }
};
MAPQUAKE_MAP("probe_filled_too_far", probe::Probe<FilledTooFar>);

struct TextWithoutEnd {
  static constexpr const char* about = "strlen of a block that holds no zero";
  static constexpr const char* provokes = "out of bounds";
  static void run() {
    const auto text = block_of(16);
    std::memset(text.get(), 'x', 16);
    CHECK(std::strlen(text.get()) != 3);
  }
};
MAPQUAKE_MAP("probe_text_without_end", probe::Probe<TextWithoutEnd>);

template <bool locks>
struct SharedName {
  static constexpr const char* about = locks ? "a name that is written and compared under a lock" : "without the lock";
  static inline char name[40] = "somebody";
  static inline std::mutex mutex;
  static void run() {
    std::jthread writer([] {
      const auto held = locks ? std::unique_lock(mutex) : std::unique_lock<std::mutex>();
      std::strncpy(hidden(name), "nobody", sizeof name - 1);
    });
    std::jthread reader([] {
      const auto held = locks ? std::unique_lock(mutex) : std::unique_lock<std::mutex>();
      CHECK(std::strcmp(hidden(name), "anybody") != 0);
    });
  }
};
struct RacingName : SharedName<false> {
  static constexpr const char* provokes = "data race";
};
MAPQUAKE_MAP("probe_racing_name", probe::Probe<RacingName>);
MAPQUAKE_MAP("probe_locked_name", probe::Probe<SharedName<true>>);

}  // namespace
