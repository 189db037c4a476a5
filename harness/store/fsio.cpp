#include "harness/store/fsio.hpp"

#include "harness/base/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;

/// Removes the temporary file unless it was renamed into place.
class TemporaryFile {
 public:
  explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const fs::path& path() const { return path_; }
  void renamed() { path_.clear(); }

 private:
  fs::path path_;
};

std::string hint_for(int code) {
  switch (code) {
    case EACCES:
    case EPERM:
    case EROFS:
      return "The directory does not allow writing; choose another one.";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "There is no room left; free some space, or choose a directory on another disk.";
    case ENOTDIR:
    case EEXIST:
      return "A part of the path is a file, not a directory; choose another one.";
    case ENAMETOOLONG:
      return "Choose a shorter path.";
    default:
      return {};
  }
}

Error write_error(const fs::path& path, std::string_view step, int code) {
  return {ExitCode::input_output,
          fmt::format("{}: cannot be written: {}: {}", path.string(), step, std::generic_category().message(code)),
          hint_for(code)};
}

fs::path directory_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// 0 or an errno. A file system that cannot sync directories has nothing more to give.
int sync_directory(const fs::path& directory) {
  Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.number() < 0) return errno == EACCES ? 0 : errno;  // writable but not readable: allowed, and not syncable
  if (::fsync(fd.number()) != 0 && errno != EINVAL && errno != ENOTSUP) return errno;
  return 0;
}

/// As mkdir -p, and each new directory's entry is on disk when this returns. 0 or an errno.
int make_directories(const fs::path& directory) {
  std::vector<fs::path> missing;
  for (fs::path at = directory; !at.empty(); at = at.parent_path()) {
    struct stat info {};
    if (::stat(at.c_str(), &info) == 0) {
      if (!S_ISDIR(info.st_mode)) return ENOTDIR;
      break;
    }
    if (errno != ENOENT) return errno;
    missing.push_back(at);
    if (at == at.parent_path()) break;
  }
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    if (::mkdir(at->c_str(), 0777) != 0 && errno != EEXIST) return errno;
    if (const int code = sync_directory(directory_of(*at))) return code;
  }
  return 0;
}

/// A new file that is nobody else's: pid and counter differ among living writers, O_EXCL guards against the dead.
int open_temporary(const fs::path& directory, fs::path& name) {
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; attempt < 1000; ++attempt) {
    name = directory / fmt::format(".mapquake-{}-{}.tmp", ::getpid(), counter.fetch_add(1));
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

Result<Done> write_file_durably(const fs::path& path, std::string_view bytes) {
  if (!path.has_filename()) return write_error(path, "open", EISDIR);
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode)) {
    return Error{ExitCode::input_output,
                 fmt::format("{}: cannot be written: it exists and is not a regular file", path.string()),
                 "Choose another name."};
  }
  const fs::path directory = directory_of(path);
  if (const int code = make_directories(directory)) return write_error(path, "create the directory", code);

  fs::path name;
  Descriptor fd(open_temporary(directory, name));
  if (fd.number() < 0) return write_error(path, "create a temporary file", errno);
  TemporaryFile temporary(std::move(name));
  if (const int code = write_all(fd.number(), bytes)) return write_error(path, "write", code);
  if (::fsync(fd.number()) != 0) return write_error(path, "fsync", errno);
  if (const int code = fd.close()) return write_error(path, "close", code);
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) return write_error(path, "rename", errno);
  temporary.renamed();
  if (const int code = sync_directory(directory)) return write_error(path, "fsync of the directory", code);
  return Done{};
}

Result<bool> claim_file(const fs::path& path) {
  const fs::path directory = directory_of(path);
  if (const int code = make_directories(directory)) return write_error(path, "create the directory", code);
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (fd.number() < 0 && errno == EEXIST) return false;
  if (fd.number() < 0) return write_error(path, "create", errno);
  if (const int code = sync_directory(directory)) return write_error(path, "fsync of the directory", code);
  return true;
}

Result<std::string> read_file_bounded(const fs::path& path, std::size_t bytes_max) {
  const auto unreadable = [&](int code) {
    return Error{ExitCode::input_output,
                 fmt::format("{}: cannot be read: {}", path.string(), std::generic_category().message(code)),
                 code == ENOENT ? "Is the path right?" : ""};
  };
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (fd.number() < 0) return unreadable(errno);
  struct stat info {};
  if (::fstat(fd.number(), &info) != 0) return unreadable(errno);
  if (!S_ISREG(info.st_mode)) {
    return Error{ExitCode::input_output, fmt::format("{}: cannot be read: it is not a regular file", path.string()),
                 "Name a file."};
  }
  const auto too_long = [&] {
    return Error{ExitCode::bad_input,
                 fmt::format("{}: the file is longer than {} bytes, the most that is read", path.string(), bytes_max),
                 "mapquake writes no file of that size; is it the right one?"};
  };
  if (static_cast<std::uintmax_t>(info.st_size) > bytes_max) return too_long();

  // The size may be 0 (under /proc) or out of date: what counts is what can be read.
  std::string bytes;
  std::string chunk(64u << 10, '\0');
  for (;;) {
    const ssize_t count = ::read(fd.number(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(errno);
    if (count == 0) return bytes;
    bytes.append(chunk, 0, static_cast<std::size_t>(count));
    if (bytes.size() > bytes_max) return too_long();
  }
}

}  // namespace mapquake
