// A function object run by pthread_create and joined by the destructor.
#pragma once

#include "probe.hpp"

#include <pthread.h>

namespace probe {

class PosixThread {
 public:
  /// `body` must outlive the thread.
  template <class Body>
  explicit PosixThread(const Body& body) {
    const auto call = [](void* argument) -> void* {
      (*static_cast<const Body*>(argument))();
      return nullptr;
    };
    CHECK(pthread_create(&handle_, nullptr, call, const_cast<Body*>(&body)) == 0);
  }
  ~PosixThread() { CHECK(pthread_join(handle_, nullptr) == 0); }
  PosixThread(const PosixThread&) = delete;
  PosixThread& operator=(const PosixThread&) = delete;

  pthread_t handle() const { return handle_; }

 private:
  pthread_t handle_;
};

}  // namespace probe
