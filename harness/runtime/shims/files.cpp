// Opening files and asking for the auxiliary vector: what is found there is not the harness's to say. Map code gets the
// system's answer, and a note is made that it asked.
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/uncontrolled.hpp"

#include <fcntl.h>
#include <sys/auxv.h>

#include <cstdarg>
#include <cstdio>

namespace mapquake::runtime {
namespace {

void note_file(const char* path) {
  if (in_map) note_uncontrolled(Source::file, 0, path);
}

/// The argument of open() that only callers who may make a file pass.
mode_t mode_in(std::va_list list, int flags) {
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(list, mode_t) : 0;
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int open(const char* path, int flags, ...) {
  std::va_list list;
  va_start(list, flags);
  const mode_t mode = mode_in(list, flags);
  va_end(list);
  note_file(path);
  return MQ_REAL(open)(path, flags, mode);
}

MQ_INTERPOSED int open64(const char* path, int flags, ...) {
  std::va_list list;
  va_start(list, flags);
  const mode_t mode = mode_in(list, flags);
  va_end(list);
  note_file(path);
  return MQ_REAL(open64)(path, flags, mode);
}

MQ_INTERPOSED int openat(int directory, const char* path, int flags, ...) {
  std::va_list list;
  va_start(list, flags);
  const mode_t mode = mode_in(list, flags);
  va_end(list);
  note_file(path);
  return MQ_REAL(openat)(directory, path, flags, mode);
}

MQ_INTERPOSED FILE* fopen(const char* path, const char* mode) {
  note_file(path);
  return MQ_REAL(fopen)(path, mode);
}

MQ_INTERPOSED FILE* fopen64(const char* path, const char* mode) {
  note_file(path);
  return MQ_REAL(fopen64)(path, mode);
}

MQ_INTERPOSED unsigned long getauxval(unsigned long type) noexcept {
  if (in_map) note_uncontrolled(Source::auxiliary, type, nullptr);
  return MQ_REAL(getauxval)(type);
}
