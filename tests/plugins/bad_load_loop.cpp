// A static constructor that never ends.
namespace {
struct Loops {
  Loops() {
    for (;;) asm volatile("");
  }
} loops;
}  // namespace
