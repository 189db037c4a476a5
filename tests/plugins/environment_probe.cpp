// The machine and the process as map code sees them: the same in every execution on every machine; and the ways out of
// the process, each of which ends the execution with an outcome of its own.
#include "probe.hpp"

#include <sched.h>
#include <sys/random.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <random>
#include <stdexcept>
#include <thread>

namespace {

struct Environment {
  static constexpr const char* about = "processors, the first of January 2024, no fork, ids";
  static void run() {
    const int processors = static_cast<int>(std::thread::hardware_concurrency());
    CHECK(processors >= 1 && processors <= 64);
    CHECK(sysconf(_SC_NPROCESSORS_ONLN) == processors && sysconf(_SC_PAGESIZE) == 4096);
    cpu_set_t set;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == processors);
    CHECK(sched_getcpu() >= 0 && sched_getcpu() < processors);
    CHECK(fork() == -1 && errno == ENOSYS);
    CHECK(getpid() == 1000 && gettid() >= 1000);  // equal on the main thread
    const std::time_t now = std::time(nullptr);
    CHECK(now >= 1'704'067'200);
    const auto civil = std::chrono::system_clock::now().time_since_epoch();
    CHECK(civil >= std::chrono::seconds(now));
    const auto earlier = std::chrono::steady_clock::now();
    CHECK(std::chrono::steady_clock::now() > earlier);
  }
};
MAPQUAKE_MAP("probe_environment", probe::Probe<Environment>);

struct Randomness {
  static constexpr const char* about = "random numbers vary within an execution; srand repeats";
  static void run() {
    std::random_device device;
    CHECK(device() != device() || device() != device());
    unsigned char bytes[12] = {};
    CHECK(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
    bool zero = true;
    for (const unsigned char byte : bytes) zero = zero && byte == 0;
    CHECK(!zero);
    CHECK(std::rand() >= 0);
  }
};
MAPQUAKE_MAP("probe_randomness", probe::Probe<Randomness>);

#define PROVOKES(Test, name, outcome, text, ...)     \
  struct Test {                                      \
    static constexpr const char* about = text;       \
    static constexpr const char* provokes = outcome; \
    static void run() { __VA_ARGS__; }               \
  };                                                 \
  MAPQUAKE_MAP(name, probe::Probe<Test>)

PROVOKES(CallsExit, "probe_exit", "exit", "provokes: exit(0)", std::exit(0));
PROVOKES(CallsUnderscoreExit, "probe_underscore_exit", "exit", "provokes: _exit(3)", ::_exit(3));
PROVOKES(CallsAbort, "probe_abort", "abort", "provokes: abort()", std::abort());
PROVOKES(FailsAssertion, "probe_assertion", "abort", "provokes: a failed assertion", assert(getpid() < 0));
PROVOKES(Terminates, "probe_terminate", "abort", "provokes: an exception that leaves a thread",
         std::thread([] { throw std::out_of_range("no such key"); }).join());
PROVOKES(Raises, "probe_raise", "crash", "provokes: a segmentation fault by kill()", ::kill(getpid(), SIGSEGV));

}  // namespace
