// Each access to the balance is locked, but a withdrawal reads and writes it in two critical sections, so a deposit in
// between is undone.
#include "tests/programs/together.hpp"

#include <mutex>

namespace {

std::mutex mutex;
int balance = 100;

int read_balance() {
  const std::lock_guard lock(mutex);
  return balance;
}
void write_balance(int amount) {
  const std::lock_guard lock(mutex);
  balance = amount;
}

void deposit() {
  const std::lock_guard lock(mutex);
  balance += 50;
}
void withdraw() {
  write_balance(read_balance() - 30);
}
void withdraw_at_once() {
  const std::lock_guard lock(mutex);
  balance -= 30;
}

void account() {
  kernel::run_together(deposit, withdraw);
  MAPQUAKE_CHECK(read_balance() == 120);
}
void account_right() {
  kernel::run_together(deposit, withdraw_at_once);
  MAPQUAKE_CHECK(read_balance() == 120);
}

}  // namespace

MAPQUAKE_PROGRAM("account", account, {.expected = {.outcomes = "invariant broken", .preemptions = 1}});
MAPQUAKE_PROGRAM("account_right", account_right);
