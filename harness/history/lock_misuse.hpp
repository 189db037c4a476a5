// How a lock can be used in a way whose behaviour is undefined: facts, as the runtime finds them.
#pragma once

#include <cstdint>
#include <string_view>

namespace mapquake {

enum class LockMisuse : std::uint8_t {
  unlocks_free,      ///< nobody holds it
  unlocks_of_other,  ///< the holder does
  destroys_held,     ///< the holder holds it
  destroys_waited,   ///< the holder waits for it
  uses_destroyed,
  waits_for_nobody,    ///< what its memory names as the holder was never a thread of this execution
  waits_without,       ///< on a condition variable, with a mutex that the caller does not hold
  waits_with_another,  ///< on a condition variable for which the holder waits with another mutex
  frees_held,          ///< the memory of a mutex that the holder holds
  frees_waited,        ///< the memory of what the holder waits for
};
inline constexpr unsigned lock_misuse_count = 10;

/// any: it is not known which.
enum class LockKind : std::uint8_t { mutex, rwlock, condition, any };
inline constexpr unsigned lock_kind_count = 4;
/// "mutex", "reader-writer lock", "condition variable", "lock". Part of labels (history/symptom.hpp): never reworded.
std::string_view name_of(LockKind kind);

}  // namespace mapquake
