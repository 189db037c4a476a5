// Two clerks book at the same time. An account's balance is atomic, but it is read, changed and written back in two
// steps, so that one of two deposits can be lost. No data race, so that only the sum tells.
//
// Smallest counterexample, by hand: one deposit is preempted between its read and its write, the other runs whole; one
// preemption.
#include <mapquake/program.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace {

struct Account {
  std::mutex mutex;
  std::atomic<int> balance{100};

  void deposit(int amount) { balance = balance + amount; }
  void deposit_locked(int amount) {
    const std::lock_guard lock(mutex);
    balance = balance + amount;
  }
};

Account account;

void bank_transfer() {
  std::thread first([] { account.deposit(10); });
  std::thread second([] { account.deposit(20); });
  first.join();
  second.join();
  MAPQUAKE_CHECK(account.balance == 130);
}

void bank_transfer_fixed() {
  std::thread first([] { account.deposit_locked(10); });
  std::thread second([] { account.deposit_locked(20); });
  first.join();
  second.join();
  MAPQUAKE_CHECK(account.balance == 130);
}

std::string balance() {
  return "balance " + std::to_string(account.balance);
}

}  // namespace

MAPQUAKE_PROGRAM("bank_transfer", bank_transfer,
                 {.about = "two deposits without a lock: one is lost",
                  .expected = {.outcomes = "invariant broken", .threads = 3, .preemptions = 1},
                  .dump = balance});
MAPQUAKE_PROGRAM("bank_transfer_fixed", bank_transfer_fixed, {.about = "the fixed twin", .dump = balance});
