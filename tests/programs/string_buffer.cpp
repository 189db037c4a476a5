// Appending one buffer to another asks the other for its length, makes room, and then copies: each step is locked, all
// of them together are not (C. Flanagan, S. Qadeer, "A type and effect system for atomicity", PLDI 2003, section 6).
#include "tests/programs/together.hpp"

#include <mutex>
#include <string>

namespace {

class Buffer {
 public:
  explicit Buffer(const char* text) : text_(text) {}
  std::size_t length() {
    const std::lock_guard lock(mutex_);
    return text_.size();
  }
  std::string first(std::size_t count) {
    const std::lock_guard lock(mutex_);
    MAPQUAKE_CHECK(count <= text_.size());
    return text_.substr(0, count);
  }
  std::string all() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  void append(const std::string& more) {
    const std::lock_guard lock(mutex_);
    text_ += more;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    text_.clear();
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

template <bool at_once>
void string_buffer() {
  Buffer source("abc");
  Buffer target("x");
  kernel::run_together([&] { target.append(at_once ? source.all() : source.first(source.length())); },
                       [&] { source.clear(); });
}

}  // namespace

MAPQUAKE_PROGRAM("string_buffer", string_buffer<false>,
                 {.expected = {.outcomes = "invariant broken", .preemptions = 1}});
MAPQUAKE_PROGRAM("string_buffer_right", string_buffer<true>);
