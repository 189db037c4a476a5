// Litmus tests as compiled code, through the whole harness: what is weak must be seen under --memory-model c11
// ("invariant broken") where ISO C++ allows it, and never where it does not. The exact suite is
// tests/unit/memory/litmus_test.cpp.
#include "probe.hpp"

#include <atomic>
#include <thread>

namespace {

using Order = std::memory_order;
constexpr Order relaxed = std::memory_order_relaxed;
constexpr Order acquire = std::memory_order_acquire;
constexpr Order release = std::memory_order_release;
constexpr Order acq_rel = std::memory_order_acq_rel;
constexpr Order seq_cst = std::memory_order_seq_cst;

/// relaxed: no fence.
template <Order order>
void fence() {
  if constexpr (order != relaxed) std::atomic_thread_fence(order);
}

/// Is the data there when the flag is?
template <Order store, Order load, Order store_fence = relaxed, Order load_fence = relaxed>
struct MessagePassing {
  void first() {
    data.store(1, relaxed);
    fence<store_fence>();
    flag.store(1, store);
  }
  void second() {
    const int seen = flag.load(load);
    fence<load_fence>();
    weak = seen == 1 && data.load(relaxed) == 0;
  }
  bool is_weak() const { return weak; }

  std::atomic<int> data{0}, flag{0};
  bool weak = false;
};

template <Order store, Order load, Order between = relaxed>
struct StoreBuffering {
  void first() { a = write_and_read(x, y); }
  void second() { b = write_and_read(y, x); }
  static int write_and_read(std::atomic<int>& mine, const std::atomic<int>& other) {
    mine.store(1, store);
    fence<between>();
    return other.load(load);
  }
  bool is_weak() const { return a == 0 && b == 0; }

  std::atomic<int> x{0}, y{0};
  int a = 1, b = 1;
};

/// Two writes to each of two places, in opposite orders.
template <Order store>
struct TwoPlusTwoWrites {
  void first() {
    x.store(1, store);
    y.store(2, store);
  }
  void second() {
    y.store(1, store);
    x.store(2, store);
  }
  bool is_weak() const { return x.load(relaxed) == 1 && y.load(relaxed) == 1; }

  std::atomic<int> x{0}, y{0};
};

/// The second read of one location must not be older than the first.
struct Coherence {
  void first() {
    x.store(1, relaxed);
    x.store(2, relaxed);
  }
  void second() {
    const int before = x.load(relaxed);
    weak = x.load(relaxed) < before;
  }
  bool is_weak() const { return weak; }

  std::atomic<int> x{0};
  bool weak = false;
};

/// A compare-exchange that fails may have read an older value; one that succeeds never.
struct FailingExchange {
  void first() {
    x.store(1, relaxed);
    flag.store(1, release);
    x.store(2, relaxed);
  }
  void second() {
    if (flag.load(acquire) == 0) return;
    int seen = 9;
    weak = !x.compare_exchange_strong(seen, 5, relaxed, relaxed) && seen == 0;
  }
  bool is_weak() const { return weak; }

  std::atomic<int> x{0}, flag{0};
  bool weak = false;
};

/// A flag that is stored once is seen in the end, whatever is chosen.
struct Waiting {
  void first() { flag.store(1, relaxed); }
  void second() {
    while (flag.load(relaxed) == 0) {
    }
  }
  bool is_weak() const { return false; }

  std::atomic<int> flag{0};
};

/// One run of the test, in two threads.
template <class Test>
struct Run {
  static constexpr mapquake::MemoryModel memory_model = mapquake::MemoryModel::c11;
  static void run() {
    Test test;
    std::thread first([&] { test.first(); }), second([&] { test.second(); });
    first.join();
    second.join();
    if (test.is_weak()) mapquake::fail("the weak outcome was seen");
  }
};
template <class Test>
struct Allowed : Run<Test> {
  static constexpr const char* about = "a litmus test whose weak outcome ISO C++ allows";
  static constexpr const char* provokes = "invariant broken";
};
template <class Test>
struct Forbidden : Run<Test> {
  static constexpr const char* about = "a litmus test whose weak outcome ISO C++ forbids";
};

using MpRelaxed = probe::Probe<Allowed<MessagePassing<relaxed, relaxed>>>;
using MpRelease = probe::Probe<Allowed<MessagePassing<release, relaxed>>>;
using MpAcquire = probe::Probe<Allowed<MessagePassing<relaxed, acquire>>>;
using MpBoth = probe::Probe<Forbidden<MessagePassing<release, acquire>>>;
using MpFences = probe::Probe<Forbidden<MessagePassing<relaxed, relaxed, release, acquire>>>;
using MpOneFence = probe::Probe<Allowed<MessagePassing<relaxed, relaxed, release>>>;
using MpFenceAcqRel = probe::Probe<Forbidden<MessagePassing<relaxed, relaxed, acq_rel, acq_rel>>>;
MAPQUAKE_MAP("allowed_mp_relaxed", MpRelaxed);
MAPQUAKE_MAP("allowed_mp_release_relaxed", MpRelease);
MAPQUAKE_MAP("allowed_mp_relaxed_acquire", MpAcquire);
MAPQUAKE_MAP("forbidden_mp_release_acquire", MpBoth);
MAPQUAKE_MAP("forbidden_mp_fences", MpFences);
MAPQUAKE_MAP("allowed_mp_one_fence", MpOneFence);
MAPQUAKE_MAP("forbidden_mp_fences_acq_rel", MpFenceAcqRel);

using SbAcquire = probe::Probe<Allowed<StoreBuffering<release, acquire>>>;
using SbSeqCst = probe::Probe<Forbidden<StoreBuffering<seq_cst, seq_cst>>>;
using SbFences = probe::Probe<Forbidden<StoreBuffering<relaxed, relaxed, seq_cst>>>;
using SbFencesAcqRel = probe::Probe<Allowed<StoreBuffering<relaxed, relaxed, acq_rel>>>;
MAPQUAKE_MAP("allowed_sb_release_acquire", SbAcquire);
MAPQUAKE_MAP("forbidden_sb_seq_cst", SbSeqCst);
MAPQUAKE_MAP("forbidden_sb_fences_seq_cst", SbFences);
MAPQUAKE_MAP("allowed_sb_fences_acq_rel", SbFencesAcqRel);

using WritesRelease = probe::Probe<Allowed<TwoPlusTwoWrites<release>>>;
using WritesSeqCst = probe::Probe<Forbidden<TwoPlusTwoWrites<seq_cst>>>;
MAPQUAKE_MAP("allowed_2_2w_release", WritesRelease);
MAPQUAKE_MAP("forbidden_2_2w_seq_cst", WritesSeqCst);

MAPQUAKE_MAP("forbidden_coherence", probe::Probe<Forbidden<Coherence>>);
MAPQUAKE_MAP("forbidden_failing_exchange", probe::Probe<Forbidden<FailingExchange>>);
MAPQUAKE_MAP("forbidden_waiting_for_ever", probe::Probe<Forbidden<Waiting>>);

}  // namespace
