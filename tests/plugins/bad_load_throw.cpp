// A static constructor that throws.
#include <stdexcept>

namespace {
struct Throws {
  Throws() { throw std::runtime_error("no configuration"); }
} throws;
}  // namespace
