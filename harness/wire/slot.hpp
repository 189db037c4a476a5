// The memory that a worker shares with its parent: one request, one answer (messages.hpp), and what the worker tells on
// the way (live.hpp). While a worker is busy, all but the request belongs to it; else to the parent.
#pragma once

#include "harness/base/result.hpp"
#include "harness/wire/live.hpp"
#include "harness/wire/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace mapquake {

/// One sparse shared mapping: only what is touched costs memory.
class Slot {
 public:
  static constexpr std::uint32_t choices_max = 1u << 20;
  static constexpr std::uint32_t trace_max = 1u << 17;
  static constexpr std::uint32_t kept_bytes_max = 1u << 22;

  /// A new one in an anonymous file, whose descriptor a child inherits. Errors (input_output): limits of the process.
  static Result<Slot> create();
  /// The parent's, seen from a child. Asserts on failure.
  static Slot attach(int descriptor);
  Slot(Slot&& other) noexcept;
  Slot& operator=(Slot&&) = delete;
  ~Slot();

  int descriptor() const { return descriptor_; }
  Live& live() const { return *live_; }

  /// By the parent. Takes the last answer away. Asserts that it fits: limits of programs and choices see to that.
  void ask(const Request& request) const;
  /// By the worker. Empty: nobody asked, or somebody wrote there.
  std::optional<Request> request() const;

  /// By the worker; may come several times, each in the place of the one before.
  void answer(const Answer& answer) const;
  /// By the parent. Empty: there is none of this kind, or a map wrote there.
  template <class Kind>
  std::optional<Kind> answer_as() const {
    std::optional<Answer> answer = read_answer();
    if (!answer || !std::holds_alternative<Kind>(*answer)) return std::nullopt;
    return std::get<Kind>(std::move(*answer));
  }

  /// Before an exploration: what grows while it lasts, and is not asked for again where a worker dies.
  void begin_exploration(const ExploreRequest& request) const;

  /// By the worker: the program that it runs, of those that it draws itself.
  void write_running_program(const Program& program) const;
  /// Empty where a map wrote there.
  std::optional<Program> running_program() const;

  /// The request's programs to breed from, and those that were inherited.
  void give_kept_programs(std::span<const Program> kept, std::span<const Program> inherited = {}) const;
  /// Puts one behind them, at once: a worker that dies later leaves it. False: there is no room.
  bool keep_program(const Program& program) const;
  /// Those of the request, and those that were kept since. As far as they can be read: a map may have written there.
  std::vector<Program> inherited_programs() const;
  std::vector<Program> kept_programs() const;
  std::vector<Program> kept_since() const;

  /// Where choices and the trace are recorded: live().choice_count and trace_count of them.
  std::span<Choice> choices() const;
  std::span<TraceEvent> trace() const;
  /// As they were recorded; sorted. `execution` has the rest of it.
  void add_recorded(Execution& execution) const;

  /// Of the slice that is explored; all zeros at first.
  UsageRecord& usage() const;

 private:
  Slot(int descriptor, void* base);
  std::optional<Answer> read_answer() const;
  std::vector<Program> programs_between(std::uint32_t from, std::uint32_t to) const;

  int descriptor_ = -1;
  Live* live_ = nullptr;
};

}  // namespace mapquake
