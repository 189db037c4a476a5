// A static constructor that crashes.
namespace {
volatile int* volatile nowhere = nullptr;
[[maybe_unused]] const int unused = *nowhere;
}  // namespace
