// The calls that a thread makes, drawn before anything is measured.
#pragma once

#include "harness/real/job.hpp"

#include <mapquake/abi.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake::driver {

/// Does the map have what a bench needs: something that reads and something that writes?
bool can_be_benched(OpMask operations);

/// An endless list of calls. Cost of one: a few nanoseconds.
class Workload {
 public:
  /// Reads are find, else contains. Writes overwrite (assign, upsert) where the map can, else they insert and erase by
  /// turns. Requires can_be_benched(operations) and thread < job.threads.
  Workload(const real::Job& job, OpMask operations, unsigned thread);

  void next(abi::Request& request) {
    const Drawn& drawn = drawn_[at_];
    at_ = (at_ + 1) & (count - 1);
    request.value = ++value_;
    if (sequential_) return next_sequential(drawn.write, request);
    request.kind = drawn.write ? write_[turn_ ^= 1] : read_;
    request.key = drawn.key;
  }

 private:
  static constexpr std::size_t count = std::size_t{1} << 15;
  struct Drawn {
    std::int64_t key;
    bool write;
  };
  void next_sequential(bool write, abi::Request& request);

  std::vector<Drawn> drawn_;
  std::size_t at_ = 0;
  unsigned turn_ = 0;
  OpKind read_ = OpKind::find;
  OpKind write_[2] = {OpKind::assign, OpKind::assign};
  OpKind add_ = OpKind::insert;
  bool erases_ = false;
  bool sequential_ = false;
  std::int64_t value_ = 0;
  std::int64_t newest_ = 0;  ///< sequential: this thread's last key
  std::int64_t oldest_ = 0;
  std::uint64_t kept_ = 1;
};

/// The call that puts a key there; nothing where the map has none.
std::optional<OpKind> adding_call(OpMask operations);

}  // namespace mapquake::driver
