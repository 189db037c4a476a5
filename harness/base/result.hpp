// Errors that a user can cause travel as values; std::expected arrives with C++23.
#pragma once

#include "harness/base/assert.hpp"
#include "harness/base/exit_code.hpp"

#include <string>
#include <utility>
#include <variant>

namespace mapquake {

/// What happened and where (`what`, one line), what to do about it (`hint`, may be empty), and the exit code.
struct Error {
  ExitCode code = ExitCode::bad_input;
  std::string what;
  std::string hint;
};

/// A value or an Error. Asking for the one that is not there is a bug and asserts.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() {
    MQ_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const {
    MQ_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  const Error& error() const {
    MQ_ASSERT(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// For functions that answer nothing but success.
struct Done {};

}  // namespace mapquake
