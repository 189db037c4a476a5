// Two clerks book at the same time. An account's balance is read, changed and written back without a lock, so that one
// of two deposits can be lost.
//
// Smallest counterexample, by hand: one deposit is preempted between its read and its write, the other runs whole; one
// preemption.
#include <mapquake/program.hpp>

#include <mutex>
#include <thread>

namespace {

struct Account {
  std::mutex mutex;
  int balance = 100;

  void deposit(int amount) { balance += amount; }
  void deposit_locked(int amount) {
    const std::lock_guard lock(mutex);
    balance += amount;
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

}  // namespace

MAPQUAKE_PROGRAM("bank_transfer", bank_transfer,
                 {.about = "two deposits without a lock: one is lost",
                  .expected = {.outcomes = "invariant broken|data race", .threads = 3, .preemptions = 1}});
MAPQUAKE_PROGRAM("bank_transfer_fixed", bank_transfer_fixed, {.about = "the fixed twin"});
