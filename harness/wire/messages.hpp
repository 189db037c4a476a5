// What parent and worker say to each other through shared memory (slot.hpp): a request, which is a task and its terms,
// and one answer to it. Each is a value; encode() and decode() are its only form in bytes. What the worker tells while
// it works, and leaves behind when it dies, is no message but the live part of the slot (live.hpp).
#pragma once

#include "harness/case/executor.hpp"
#include "harness/wire/bytes.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace mapquake {

/// Executor::execute(), or with `attempt` Executor::attempt().
struct ExecuteTask {
  Case input;
  bool trace = false;
  bool attempt = false;
};

/// Executor::look(). Answered look by look.
struct LookTask {
  Case input;
  std::vector<std::uint64_t> moments;
  double seconds_max = 0;  ///< of the processor; with none left nothing is looked at any more
};

/// As execute, traced, again and again as a debugger wants it; never answered.
struct DebugTask {
  Case input;
  Outcome outcome = Outcome::clean;  ///< that is to be seen
};

/// Of an ExploreRequest crosses what does not change while it is worked on; Slot::begin_exploration() has the rest.
using Task = std::variant<ExecuteTask, SearchRequest, ExploreRequest, LookTask, DebugTask>;

struct Terms {
  Limits limits;
  bool shows_output = false;  ///< what the map prints appears
};

struct Request {
  Task task;
  Terms terms;
};

struct ExploreAnswer {
  bool found = false;
  bool beyond_claims = false;  ///< ExploreResult::beyond_claims
  Execution execution;         ///< where found
};

struct LookAnswer {
  std::vector<MapState> states;  ///< of the task's first moments
  double seconds_left = 0;
};

/// To ExecuteTask, SearchRequest, ExploreRequest, LookTask. An execution's choices and trace are no part of it: they
/// stand where they were recorded.
using Answer = std::variant<Execution, SearchResult, ExploreAnswer, LookAnswer>;

/// So much of a history, a text or a list crosses; the rest is left out.
inline constexpr std::size_t calls_crossing_max = std::size_t{1} << 21;
inline constexpr std::size_t visits_crossing_max = std::size_t{1} << 21;
inline constexpr std::size_t involved_crossing_max = 32;
inline constexpr std::size_t witnesses_crossing_max = threads_max;
inline constexpr std::size_t frames_crossing_max = 32;
inline constexpr std::size_t dump_bytes_crossing_max = 4095;
inline constexpr std::size_t inside_bytes_crossing_max = 1023;

void encode(const Program& program, ByteWriter& bytes);
void encode(const Request& request, ByteWriter& bytes);
void encode(const Answer& answer, ByteWriter& bytes);

/// Empty: what stands there is none that encode() wrote.
std::optional<Program> decode_program(ByteReader bytes);
std::optional<Request> decode_request(ByteReader bytes);
std::optional<Answer> decode_answer(ByteReader bytes);

}  // namespace mapquake
