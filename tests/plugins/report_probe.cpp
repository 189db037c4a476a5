// Failures whose report must say where: inside which library, on which memory, by which exception.
#include "probe.hpp"

#include <boost/circular_buffer.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

/// `first` and `second` on threads of their own, neither ordered.
template <class First, class Second>
void together(First first, Second second) {
  std::thread a(first), b(second);
  a.join();
  b.join();
}

struct RaceInLibrary {
  static constexpr const char* about = "two threads append to one boost::circular_buffer";
  static constexpr const char* provokes = "data race";
  static void run() {
    const auto buffer = std::make_unique<boost::circular_buffer<int>>(4);
    together([&] { buffer->push_back(1); }, [&] { buffer->push_back(2); });
  }
};
MAPQUAKE_MAP("probe_race_in_library", probe::Probe<RaceInLibrary>);

struct RaceInSharedPointer {
  static constexpr const char* about = "a std::shared_ptr is copied while it is replaced";
  static constexpr const char* provokes = "data race|use after free";
  static void run() {
    auto pointer = std::make_shared<int>(1);
    together([&] { pointer = std::make_shared<int>(2); }, [&] { CHECK(std::shared_ptr(pointer) != nullptr); });
  }
};
MAPQUAKE_MAP("probe_race_in_shared_pointer", probe::Probe<RaceInSharedPointer>);

int reported_total = 0;

struct RaceOnGlobal {
  static constexpr const char* about = "two threads add to a global number";
  static constexpr const char* provokes = "data race";
  static void run() {
    together([] { ++reported_total; }, [] { ++reported_total; });
  }
};
MAPQUAKE_MAP("probe_race_on_global", probe::Probe<RaceOnGlobal>);

struct Node {
  char key[16];
  int value;
  char rest[28];
};

struct RaceInBlock {
  static constexpr const char* about = "two threads write one member of a node";
  static constexpr const char* provokes = "data race";
  static void run() {
    const auto node = std::make_unique<Node>();
    Node* const shared = node.get();
    together([shared] { shared->value = 1; }, [shared] { shared->value = 2; });
  }
};
MAPQUAKE_MAP("probe_race_in_block", probe::Probe<RaceInBlock>);

struct FreedTwice {
  static constexpr const char* about = "a node is freed twice";
  static constexpr const char* provokes = "double free";
  static void run() {
    Node* const node = new Node;
    Node* again = node;
    asm volatile("" : "+r"(again));  // keeps the compiler from seeing what is wrong
    delete node;
    delete again;
  }
};
MAPQUAKE_MAP("probe_freed_twice", probe::Probe<FreedTwice>);

struct NotifiedTooEarly {
  static constexpr const char* about = "waits for a notification that met nobody";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    std::mutex lock;
    std::condition_variable changed;
    changed.notify_one();
    std::unique_lock guard(lock);
    for (;;) changed.wait(guard);
  }
};
MAPQUAKE_MAP("probe_notified_too_early", probe::Probe<NotifiedTooEarly>);

struct NeverNotified {
  static constexpr const char* about = "waits for a notification that nobody makes";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    std::mutex lock;
    std::condition_variable changed;
    std::unique_lock guard(lock);
    for (;;) changed.wait(guard);
  }
};
MAPQUAKE_MAP("probe_never_notified", probe::Probe<NeverNotified>);

/// The same in a thread that another one joins: nobody holds a lock.
template <class Waits>
struct Joined {
  static constexpr const char* about = "waits for the end of a thread that waits in vain";
  static constexpr const char* provokes = "deadlock";
  static void run() { std::thread(&Waits::run).join(); }
};
MAPQUAKE_MAP("probe_joined_notified_too_early", probe::Probe<Joined<NotifiedTooEarly>>);
MAPQUAKE_MAP("probe_joined_never_notified", probe::Probe<Joined<NeverNotified>>);

struct WaitsWithLock {
  static constexpr const char* about = "waits for a thread that needs a lock which the waiting one holds";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    std::mutex lock, other;
    std::condition_variable changed;
    bool is_changed = false;
    std::unique_lock held(other);
    std::thread needs_it([&] {
      const std::lock_guard needed(other);
      const std::lock_guard guard(lock);
      is_changed = true;
      changed.notify_one();
    });
    std::unique_lock guard(lock);
    changed.wait(guard, [&] { return is_changed; });
    needs_it.join();
  }
};
MAPQUAKE_MAP("probe_waits_with_lock", probe::Probe<WaitsWithLock>);

struct LocksInLambda {
  static constexpr const char* about = "a lambda that is a function of its own takes a lock twice";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    std::mutex lock;
    const auto twice = [&lock]() __attribute__((noinline)) {
      const std::lock_guard once(lock);
      const std::lock_guard again(lock);
    };
    twice();
  }
};
MAPQUAKE_MAP("probe_locks_in_lambda", probe::Probe<LocksInLambda>);

struct Throws {
  static constexpr const char* about = "an operation throws what no fault accounts for";
  static constexpr const char* provokes = "unexpected exception";
  static void run() { throw std::out_of_range("no such key"); }
};
MAPQUAKE_MAP("probe_throws", probe::Probe<Throws>);

struct LosesWhatIsCopied {
  static constexpr const char* about = "an aggregate's initialisation copies a string, whose memory is lost";
  static constexpr const char* provokes = "leak";
  struct Entry {
    std::string key;
    int more;
  };
  static void run() {
    const std::string key(40, 'k');
    auto* const lost = new Entry{key, 1};
    ::operator delete(lost);
  }
};
MAPQUAKE_MAP("probe_loses_what_is_copied", probe::Probe<LosesWhatIsCopied>);

}  // namespace
