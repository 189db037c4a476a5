#include "harness/history/witness.hpp"

namespace mapquake {

std::string_view name_of(AccessKind kind) {
  switch (kind) {
    case AccessKind::read:
      return "read";
    case AccessKind::write:
      return "write";
    case AccessKind::atomic_read:
      return "atomic read";
    case AccessKind::atomic_write:
      return "atomic write";
    case AccessKind::release:
      return "free";
  }
  return "access";
}

}  // namespace mapquake
