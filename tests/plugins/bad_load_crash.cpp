// A static constructor that crashes.
namespace {
int* volatile nowhere = nullptr;
[[maybe_unused]] const int unused = *nowhere;
}  // namespace
