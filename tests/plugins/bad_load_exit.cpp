// A static constructor that ends the process.
#include <cstdlib>

namespace {
struct Exits {
  Exits() { std::exit(3); }
} exits;
}  // namespace
