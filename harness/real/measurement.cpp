#include "harness/real/measurement.hpp"

#include <algorithm>

namespace mapquake::real {
namespace {

double patience_of(const Job& job) {
  constexpr double floor_seconds = 30;
  return floor_seconds + 3 * (job.warm_up_seconds + 2 * job.seconds);
}

void run_once(Measured& measured, unsigned round, const std::filesystem::path& driver,
              const std::function<bool()>& stop) {
  Job job = measured.point.job;
  job.seed += round;
  auto process = DriverProcess::start(driver, job);
  if (!process) {
    measured.ending = {Ended::failed, 0, process.error().what};
    return;
  }
  while (auto message = process->next(patience_of(job), stop)) {
    if (message->repetition) measured.repetitions.push_back(std::move(*message->repetition));
    if (message->preset) measured.presets.push_back(*message->preset);
  }
  measured.ending = process->ending();
}

std::uint64_t median(std::vector<std::uint64_t> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Latency over(const std::vector<Repetition>& all, Latency Repetition::*which) {
  std::vector<std::uint64_t> p50, p99, p999;
  Latency result;
  for (const Repetition& repetition : all) {
    const Latency& latency = repetition.*which;
    p50.push_back(latency.p50);
    p99.push_back(latency.p99);
    p999.push_back(latency.p999);
    result.max = std::max(result.max, latency.max);
  }
  result.p50 = median(std::move(p50));
  result.p99 = median(std::move(p99));
  result.p999 = median(std::move(p999));
  return result;
}

}  // namespace

std::vector<double> Measured::rates() const {
  std::vector<double> rates;
  for (const Repetition& repetition : repetitions) rates.push_back(repetition.rate());
  for (const PresetRun& run : presets) {
    rates.push_back(run.seconds > 0 ? static_cast<double>(run.operations) / run.seconds : 0);
  }
  return rates;
}
Latency Measured::corrected() const {
  return over(repetitions, &Repetition::corrected);
}

std::vector<Measured> measure(std::span<const Point> points, const std::filesystem::path& driver,
                              const std::function<bool()>& stop, const std::function<void(std::size_t)>& told) {
  std::vector<Measured> all;
  unsigned rounds = 0;
  for (const Point& point : points) {
    all.push_back({point});
    if (!point.note.empty()) all.back().ending = {Ended::failed, 0, point.note};
    rounds = std::max(rounds, point.job.repetitions);
  }
  std::size_t done = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    for (Measured& measured : all) {
      if (measured.ending.how == Ended::done && round < measured.point.job.repetitions) {
        run_once(measured, round, driver, stop);
        if (measured.ending.how == Ended::interrupted) return all;
      }
      told(++done);
    }
  }
  return all;
}

}  // namespace mapquake::real
