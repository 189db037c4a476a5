#include "harness/real/stress.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/recorded/reader.hpp"

#include <fmt/format.h>

#include <chrono>

namespace mapquake::real {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr unsigned rounds_ahead = 3;

class Stress {
 public:
  Stress(const StressOptions& options, const std::function<bool()>& stop) : options_(options), stop_(stop) {}

  Result<StressResult> run(const fs::path& driver) {
    std::error_code error;
    fs::create_directories(options_.job.directory, error);
    if (error) return Error{ExitCode::input_output, options_.job.directory + ": " + error.message(), ""};
    const auto began = Clock::now();
    auto process = DriverProcess::start(driver, options_.job);
    if (!process) return process.error();
    for (unsigned i = 0; i < rounds_ahead; ++i) process->permit();
    const auto is_over = [&] { return Clock::now() - began > std::chrono::duration<double>(options_.seconds); };
    bool refused = false;
    while (!is_over()) {
      const auto message = process->next(options_.hang_seconds, stop_);
      if (!message) break;
      if (!message->round) {
        refused = true;
        continue;
      }
      const auto found = judge(*message->round);
      // A map whose constructor threw leaves a complaint, and no file.
      if (!found && message->error.empty()) return found.error();
      next_ = *message->round + 1;
      if (found && *found) break;
      // What the map complained of needs the log of this very round.
      if (!message->error.empty()) keep(*message->round);
      fs::remove(file_of(*message->round), error);
      process->permit();
    }
    result_.ending = process->ending();
    result_.seconds = seconds_since(began);
    const bool died = result_.ending.how != Ended::done && result_.ending.how != Ended::interrupted;
    if (died && !refused && !result_.failed_round) {
      // It died in the middle of a round; what was recorded until then is in the file.
      const auto found = judge(next_);
      if (!found || !*found) keep(next_);
    }
    // Rounds that the driver was ahead by.
    for (std::uint64_t i = next_; i < next_ + rounds_ahead + 1; ++i) {
      if (result_.failed_round != i) fs::remove(file_of(i), error);
    }
    return std::move(result_);
  }

 private:
  fs::path file_of(std::uint64_t round) const {
    return fs::path(options_.job.directory) / fmt::format("round-{}.mqrec", round);
  }
  void keep(std::uint64_t round) {
    std::error_code error;
    result_.failed_round = round;
    result_.log = fs::path(options_.job.directory) / "failed.mqrec";
    fs::rename(file_of(round), result_.log, error);
    if (error) result_.log.clear();
  }

  /// Is there a contradiction? Then the log is kept.
  Result<bool> judge(std::uint64_t round) {
    const auto log = recorded::load_log(file_of(round), recorded::BadLines::refuse);
    if (!log) return log.error();
    const recorded::CheckReport report =
        recorded::check(*log, {.claims = options_.claims, .initially = recorded::Initially::empty});
    ++result_.rounds;
    result_.calls += log->rows.size();
    if (report.verdict() == Verdict::undecided) ++result_.undecided;
    if (report.verdict() != Verdict::illegal) return false;
    keep(round);
    result_.report = report;
    return true;
  }

  const StressOptions& options_;
  const std::function<bool()>& stop_;
  StressResult result_;
  std::uint64_t next_ = 0;
};

}  // namespace

Result<StressResult> stress(const StressOptions& options, const fs::path& driver, const std::function<bool()>& stop) {
  return Stress(options, stop).run(driver);
}

}  // namespace mapquake::real
