// pthread_key_*, pthread_getspecific, pthread_setspecific. Keys that map code creates are ours, numbered from 0x4000 to
// tell them apart. Keys that a library created before (from libc) keep their number, but the values that map code gives
// them are kept here as well: they point into memory that the next execution overwrites.
#include "harness/runtime/shims/state.hpp"

#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/shims.hpp"

#include <pthread.h>

#include <cerrno>
#include <climits>
#include <cstring>

namespace mapquake::runtime {
namespace {

constexpr pthread_key_t first_own_key = 0x4000;
constexpr unsigned keys_max = PTHREAD_KEYS_MAX;
constexpr unsigned rows_max = 2 * keys_max;  // libc's keys first, then ours
constexpr unsigned no_row = rows_max;

struct Key {
  void (*destructor)(void*) = nullptr;
  bool exists = false;       // of our own keys
  bool touched = false;      // listed in KeyTable::touched
  bool set_by_main = false;  // main's value here replaces the one it gave the key before map code ran
};

// Invariants: 1. values[row] has a value other than null only if keys[row].touched. 2. touched[0, touched_count) are
// exactly the rows with keys[row].touched.
struct KeyTable {
  Key keys[rows_max];
  std::uint16_t touched[rows_max];
  unsigned touched_count;
  void* values[rows_max][threads_max];
};

constinit KeyTable table{};

unsigned row_of(pthread_key_t key) {
  if (key < keys_max) return key;
  const unsigned own = key - first_own_key;
  return own < keys_max && table.keys[keys_max + own].exists ? keys_max + own : no_row;
}

void touch(unsigned row) {
  if (table.keys[row].touched) return;
  table.keys[row].touched = true;
  table.touched[table.touched_count++] = static_cast<std::uint16_t>(row);
}

void forget_values(unsigned row) {
  if (table.keys[row].touched) std::memset(table.values[row], 0, sizeof table.values[row]);
}

/// One round over all keys; answers whether a destructor ran.
bool run_destructors_once(ThreadId thread) {
  bool ran = false;
  for (unsigned i = 0; i < table.touched_count; ++i) {
    const unsigned row = table.touched[i];
    void* const value = table.values[row][thread];
    if (value == nullptr || table.keys[row].destructor == nullptr) continue;
    table.values[row][thread] = nullptr;
    // Futures become ready in a destructor of libstdc++'s.
    if (is_unseen_code(reinterpret_cast<std::uint64_t>(table.keys[row].destructor))) unseen_code_released();
    const MapScope scope;
    table.keys[row].destructor(value);
    ran = true;
  }
  return ran;
}

}  // namespace

void run_key_destructors(ThreadId thread) {
  MQ_ASSERT(thread < threads_max);
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round)
    if (!run_destructors_once(thread)) break;
  // The thread may begin a new life.
  for (unsigned i = 0; i < table.touched_count; ++i) table.values[table.touched[i]][thread] = nullptr;
}

void reset_keys() {
  for (unsigned i = 0; i < table.touched_count; ++i) {
    const unsigned row = table.touched[i];
    forget_values(row);
    table.keys[row].touched = false;
    table.keys[row].set_by_main = false;
    if (row >= keys_max) table.keys[row] = Key{};
  }
  table.touched_count = 0;
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  if (!in_map) {
    const int error = MQ_REAL(pthread_key_create)(key, destructor);
    if (error == 0 && *key < keys_max) table.keys[*key].destructor = destructor;
    return error;
  }
  const HarnessScope scope;
  for (unsigned row = keys_max; row < rows_max; ++row) {
    if (table.keys[row].exists) continue;
    touch(row);
    table.keys[row].exists = true;
    table.keys[row].destructor = destructor;
    *key = first_own_key + (row - keys_max);
    return 0;
  }
  return EAGAIN;
}

MQ_INTERPOSED int pthread_key_delete(pthread_key_t key) noexcept {
  if (!in_map) return MQ_REAL(pthread_key_delete)(key);
  const HarnessScope scope;
  const unsigned row = row_of(key);
  if (row == no_row) return EINVAL;
  forget_values(row);
  // A key from before the execution must be there in the next one: libc's own stays.
  if (row >= keys_max) {
    table.keys[row].exists = false;
    table.keys[row].destructor = nullptr;
  }
  return 0;
}

MQ_INTERPOSED void* pthread_getspecific(pthread_key_t key) noexcept {
  if (!in_map) return MQ_REAL(pthread_getspecific)(key);
  const HarnessScope scope;
  const unsigned row = row_of(key);
  if (row == no_row) return nullptr;
  const ThreadId thread = current_thread();
  if (row < keys_max && thread == main_thread && !table.keys[row].set_by_main) return MQ_REAL(pthread_getspecific)(key);
  return table.values[row][thread];
}

MQ_INTERPOSED int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  if (!in_map) return MQ_REAL(pthread_setspecific)(key, value);
  const HarnessScope scope;
  const unsigned row = row_of(key);
  if (row == no_row) return EINVAL;
  const ThreadId thread = current_thread();
  touch(row);
  if (thread == main_thread) table.keys[row].set_by_main = true;
  table.values[row][thread] = const_cast<void*>(value);
  return 0;
}
