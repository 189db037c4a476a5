// How the parts of a replay file are spelled: threads, operations, kinds of choices, addresses of choices. Writer and
// parser share these pairs, so that each is the inverse of the other. docs/replay-format.md.
#pragma once

#include "harness/base/result.hpp"
#include "harness/store/replay_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mapquake {

/// "main"; "A" … "Z", "T27" … for the program's threads; "T3" for any thread beyond them, which the map starts itself.
std::string stored_thread(ThreadId thread, std::size_t program_threads);
/// Empty where the name is not spelled as above or exceeds replay_thread_max.
std::optional<ThreadId> thread_from_stored(std::string_view name, std::size_t program_threads);
/// "2 threads (A, B)"
std::string threads_of_program(std::size_t program_threads);

/// "insert 4 40", "size", "reserve 64".
std::string stored_operation(const Operation& operation);
/// The error is the reason alone, without place.
Result<Operation> operation_from_stored(std::string_view text);

/// "preempt" for schedule, the enumerator's name for the others.
std::string_view stored_kind(ChoiceKind kind);
/// Accepts "schedule" as well.
std::optional<ChoiceKind> kind_from_stored(std::string_view name);
/// "preempt, adapter, …", for messages.
std::string stored_kinds();

/// "good", "constant", "few", "identity".
std::string_view stored_hash(abi::HashMode mode);
std::optional<abi::HashMode> hash_from_stored(std::string_view name);

/// "sc", "c11".
std::string_view stored_model(MemoryModel model);
std::optional<MemoryModel> model_from_stored(std::string_view name);

/// "A.1 load my_map.hpp:88 #2". Spaces in the event's name are written as underscores.
std::string stored_address(const StoredChoice& choice, std::size_t program_threads);

/// What stored_address says, without knowing the program. "#1" may be left out.
struct ParsedAddress {
  std::string_view thread;  ///< unchecked
  std::uint32_t op = 1;     ///< from 1, at most op_index_end
  std::string_view event;
  std::string_view place;
  std::uint32_t nth = 1;
};
/// Views into `text`. The error is the reason alone.
Result<ParsedAddress> address_from_stored(std::string_view text);

}  // namespace mapquake
