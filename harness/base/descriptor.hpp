// A file descriptor of ours.
#pragma once

#include <unistd.h>
#include <cerrno>

namespace mapquake {

/// Closed with this object; negative: none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  int number() const { return number_; }
  /// 0, or the errno of close(): network file systems report a full disk only here.
  int close() {
    const int result = number_ >= 0 ? ::close(number_) : 0;
    number_ = -1;
    return result == 0 || errno == EINTR ? 0 : errno;
  }

 private:
  int number_;
};

}  // namespace mapquake
