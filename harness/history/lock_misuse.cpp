#include "harness/history/lock_misuse.hpp"

namespace mapquake {

std::string_view name_of(LockKind kind) {
  switch (kind) {
    case LockKind::mutex:
      return "mutex";
    case LockKind::rwlock:
      return "reader-writer lock";
    case LockKind::condition:
      return "condition variable";
    case LockKind::any:
      return "lock";
  }
  return "";
}

}  // namespace mapquake
