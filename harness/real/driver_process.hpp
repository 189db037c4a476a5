// The driver as its parent sees it: messages, and how it ended. A crash or a hang of the map is an answer.
#pragma once

#include "harness/base/result.hpp"
#include "harness/real/job.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mapquake::real {

enum class Ended : std::uint8_t {
  done,
  crashed,      ///< by `signal`
  hung,         ///< nothing came for the time that was allowed, and it was killed
  failed,       ///< it says so itself, or left with an exit code
  interrupted,  ///< the user wants no more
};

struct Ending {
  Ended how = Ended::done;
  int signal = 0;
  std::string why = {};  ///< failed: what it said
};
/// "crashed (SIGSEGV)", "hung", …
std::string text_of(const Ending& ending);

/// Owns the process: it is killed with this object. Not thread-safe.
class DriverProcess {
 public:
  /// Starts `driver` with `job`. What the map prints goes to our standard error. Errors: input_output.
  static Result<DriverProcess> start(const std::filesystem::path& driver, const Job& job);
  DriverProcess(DriverProcess&& other) noexcept;
  DriverProcess& operator=(DriverProcess&&) = delete;
  ~DriverProcess();

  /// The next message. Empty: there are no more; ending() says why. Kills a process that says nothing for
  /// `patience_seconds`, and one that `stop` asks about every 50 ms is no longer wanted.
  std::optional<Message> next(double patience_seconds, const std::function<bool()>& stop);
  /// Stress: one more round may begin.
  void permit();
  const Ending& ending() const { return ending_; }

 private:
  DriverProcess(int pid, int messages, int permits) : pid_(pid), messages_(messages), permits_(permits) {}
  std::optional<Message> message_in_buffer();
  void end(Ended how);

  int pid_ = -1, messages_ = -1, permits_ = -1;
  std::string buffer_;
  Ending ending_;
};

/// mapquake-driver next to the tool `executable`.
std::filesystem::path driver_for(const std::filesystem::path& executable);

/// The maps of a plugin that was built plainly. Errors: bad_input where it cannot be loaded.
Result<std::vector<RealMap>> describe_plugin(const std::filesystem::path& driver, const std::filesystem::path& plugin);

}  // namespace mapquake::real
