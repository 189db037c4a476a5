// What code tells of itself beside its accesses: the annotations that libraries make for ThreadSanitizer, and its
// interface for fibers and locks (compiler-rt/include/sanitizer/tsan_interface.h). Most need no answer here.
#include "harness/runtime/export.hpp"
#include "harness/runtime/memory_check.hpp"

namespace mapquake::runtime {
namespace {

void edge_from(const volatile void* object) {
  if (!in_map) return;
  const HarnessScope scope;
  released(object);
}

void edge_to(const volatile void* object) {
  if (!in_map) return;
  const HarnessScope scope;
  acquired(object);
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake::runtime;

MQ_EXPORT void __tsan_ignore_thread_begin() {}
MQ_EXPORT void __tsan_ignore_thread_end() {}

// Annotations of libcds, Abseil and others tell libtsan about edges that it would not see. Ours sees every lock.
MQ_EXPORT void AnnotateHappensBefore(const char*, int, const volatile void* object) {
  edge_from(object);
}
MQ_EXPORT void AnnotateHappensAfter(const char*, int, const volatile void* object) {
  edge_to(object);
}
MQ_EXPORT void AnnotateIgnoreReadsBegin(const char*, int) {}
MQ_EXPORT void AnnotateIgnoreReadsEnd(const char*, int) {}
MQ_EXPORT void AnnotateIgnoreWritesBegin(const char*, int) {}
MQ_EXPORT void AnnotateIgnoreWritesEnd(const char*, int) {}
MQ_EXPORT void AnnotateIgnoreSyncBegin(const char*, int) {}
MQ_EXPORT void AnnotateIgnoreSyncEnd(const char*, int) {}
MQ_EXPORT void AnnotateBenignRaceSized(const char*, int, const volatile void*, std::size_t, const char*) {}
MQ_EXPORT void AnnotateBenignRace(const char*, int, const volatile void*, const char*) {}
MQ_EXPORT void AnnotateNewMemory(const char*, int, const volatile void*, std::size_t) {}
MQ_EXPORT void AnnotateMemoryIsInitialized(const char*, int, const volatile void*, std::size_t) {}
MQ_EXPORT void AnnotateMemoryIsUninitialized(const char*, int, const volatile void*, std::size_t) {}
MQ_EXPORT void AnnotateThreadName(const char*, int, const char*) {}
MQ_EXPORT void AnnotateEnableRaceDetection(const char*, int, int) {}
MQ_EXPORT void AnnotateFlushState(const char*, int) {}
MQ_EXPORT void AnnotateRWLockCreate(const char*, int, const volatile void*) {}
MQ_EXPORT void AnnotateRWLockCreateStatic(const char*, int, const volatile void*) {}
MQ_EXPORT void AnnotateRWLockDestroy(const char*, int, const volatile void*) {}
MQ_EXPORT void AnnotateRWLockAcquired(const char*, int, const volatile void*, long) {}
MQ_EXPORT void AnnotateRWLockReleased(const char*, int, const volatile void*, long) {}
MQ_EXPORT int RunningOnValgrind() {
  return 0;
}
MQ_EXPORT double ValgrindSlowdown() {
  return 1;
}
MQ_EXPORT void* __tsan_get_current_fiber() {
  return nullptr;
}
MQ_EXPORT void* __tsan_create_fiber(unsigned) {
  return nullptr;
}
MQ_EXPORT void __tsan_destroy_fiber(void*) {}
MQ_EXPORT void __tsan_switch_to_fiber(void*, unsigned) {}
MQ_EXPORT void __tsan_set_fiber_name(void*, const char*) {}
MQ_EXPORT void __tsan_acquire(void* object) {
  edge_to(object);
}
MQ_EXPORT void __tsan_release(void* object) {
  edge_from(object);
}
MQ_EXPORT void __tsan_mutex_create(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_destroy(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_post_lock(void*, unsigned, int) {}
MQ_EXPORT int __tsan_mutex_pre_unlock(void*, unsigned) {
  return 0;
}
MQ_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_post_signal(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) {}
MQ_EXPORT void __tsan_mutex_post_divert(void*, unsigned) {}
