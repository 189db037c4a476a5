// Thunks: code that tells of a call into a library that is not seen (library_calls.hpp), and jumps on to the function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace mapquake::runtime {

/// Thunks live as long as the process: what has called once may call again.
class Thunks {
 public:
  /// The address of a thunk that goes on to `function`; of the same one, the same. Requires: not sealed.
  std::uint64_t for_function(std::uint64_t function);
  /// From now on no thunk can be written. Call before the first one runs.
  void seal();

 private:
  std::uint64_t write(std::uint64_t function);
  void make_executable();

  std::unordered_map<std::uint64_t, std::uint64_t> made_;
  std::uint8_t* page_ = nullptr;
  std::size_t used_ = SIZE_MAX;  ///< bytes of page_
};

}  // namespace mapquake::runtime
