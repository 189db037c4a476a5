// A lock that neither yields nor pauses: who finds it taken reads on until it is free.
#pragma once

#include <atomic>

class SpinLock {
 public:
  void lock() {
    while (taken_.exchange(true)) {
    }
  }
  void unlock() { taken_.store(false); }

 private:
  std::atomic<bool> taken_{false};
};
