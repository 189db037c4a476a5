// A template process and its current worker, as the parent holds them.
#pragma once

#include "harness/parent/silence.hpp"
#include "harness/wire/protocol.hpp"
#include "harness/wire/slot.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace mapquake {

/// Owns the process: it ends with this object. Not thread-safe.
class TemplateProcess {
 public:
  /// Starts one that loads `plugin` and serves map number `index` with `slot` (null: only describes). Waits for its
  /// first packet. Errors: what the plugin answers, or that it crashed or hung while loading.
  static Result<TemplateProcess> start(const std::filesystem::path& plugin, unsigned index, const Slot* slot);

  TemplateProcess(TemplateProcess&& other) noexcept;
  TemplateProcess& operator=(TemplateProcess&& other) noexcept;
  ~TemplateProcess();

  const std::string& description() const { return description_; }

  static constexpr int tick_ms = 50;
  enum class Ended : std::uint8_t { done, worker_died, template_died };
  /// Has a worker serve the request that stands in the slot. `tick` is called every tick_ms; when it answers
  /// false the worker is killed. `status` is that of a worker that died.
  template <class Tick>
  Ended serve(Live& live, Tick tick, int& status);

  /// -1 where there is none.
  int worker_pid() const { return worker_pid_; }
  void kill_worker();
  /// Kills it and waits until it is gone: the next request goes to a new one.
  void end_worker();
  /// The worker's. Unknown where there is none.
  Activity activity() const;
  /// Has it give up an execution that waits in a system call (runtime/crash.hpp).
  void interrupt_worker();

 private:
  TemplateProcess() = default;
  bool begin_request(Live& live);
  enum class Event : std::uint8_t { nothing, done, worker_died, template_died };
  Event wait(int timeout_ms, std::uint64_t sequence, int& status);
  void close_all();

  int pid_ = -1;
  int control_ = -1;
  int work_ = -1;
  int worker_pid_ = -1;
  std::string description_;
};

template <class Tick>
TemplateProcess::Ended TemplateProcess::serve(Live& live, Tick tick, int& status) {
  if (!begin_request(live)) return Ended::template_died;
  const std::uint64_t sequence = live.sequence.load();
  for (;;) {
    switch (wait(tick_ms, sequence, status)) {
      case Event::done:
        return Ended::done;
      case Event::worker_died:
        return Ended::worker_died;
      case Event::template_died:
        return Ended::template_died;
      case Event::nothing:
        break;
    }
    if (!tick()) kill_worker();
  }
}

}  // namespace mapquake
