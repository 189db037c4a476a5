// Initialisation on first use, checked without the lock and again under it. The flag is raised before what it stands
// for is complete, so that another thread can get at half an object (S. Meyers, A. Alexandrescu, "C++ and the perils
// of double-checked locking", 2004).
//
// Smallest counterexample, by hand: none of the schedules is right. The limit is written after the pointer is
// published, so nothing orders that write before the other thread's read: a data race without any preemption. With one,
// before the limit is set, the other thread reads 0.
#include <mapquake/program.hpp>

#include <atomic>
#include <mutex>
#include <thread>

namespace {

struct Settings {
  int limit = 0;
};

std::mutex mutex;
std::atomic<Settings*> instance{nullptr};
Settings storage;

Settings& published_early() {
  if (instance.load() == nullptr) {
    const std::lock_guard lock(mutex);
    if (instance.load() == nullptr) {
      instance.store(&storage);
      storage.limit = 100;
    }
  }
  return *instance.load();
}

Settings& published_complete() {
  if (instance.load() == nullptr) {
    const std::lock_guard lock(mutex);
    if (instance.load() == nullptr) {
      storage.limit = 100;
      instance.store(&storage);
    }
  }
  return *instance.load();
}

template <Settings& (*get)()>
void use_from_two_threads() {
  std::thread other([] { MAPQUAKE_CHECK(get().limit == 100); });
  MAPQUAKE_CHECK(get().limit == 100);
  other.join();
}

}  // namespace

MAPQUAKE_PROGRAM("double_checked_init", use_from_two_threads<published_early>,
                 {.about = "the pointer is published before the object is complete",
                  .expected = {.outcomes = "data race|invariant broken", .threads = 2}});
MAPQUAKE_PROGRAM("double_checked_init_fixed", use_from_two_threads<published_complete>,
                 {.about = "the object is complete before it is published"});
