#include "harness/real/presets.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace mapquake::real {
namespace {

Job load(unsigned threads, double write_percent, std::uint64_t keys) {
  Job job;
  job.task = Task::bench;
  job.threads = threads;
  job.write_percent = write_percent;
  job.key_count = job.prefill = keys;
  return job;
}

/// Both sides of one comparison, as two points.
void add_pair(Preset& preset, const std::array<std::string, 2>& maps, const std::string& step, const Job& job,
              Comparison comparison, unsigned value_bytes = 8) {
  comparison.first = preset.points.size();
  comparison.second = comparison.first + 1;
  for (const std::string& map : maps) preset.points.push_back({map, step, job, value_bytes});
  preset.comparisons.push_back(std::move(comparison));
}

Preset write_share(unsigned threads) {
  Preset preset{
      "write-share",
      "sync.Map against a reader-writer lock, 1 to 50 % writes",
      {},
      {},
      true,
      0,
      "The post-mortems ran Go on 8 and more processors; these are the same two algorithms in C++, with 10,000 "
      "string keys that are there from the beginning and are overwritten, uniformly drawn."};
  struct Step {
    double percent;
    std::optional<double> reported;
    std::string_view conditions;
  };
  const std::array<Step, 7> steps{{{1, {}, {}},
                                   {5, 428.0 / 216, "95 % reads, 1M operations, 8 workers: 428 ms against 216 ms"},
                                   {10, {}, {}},
                                   {20, {}, {}},
                                   {30, 1.83,
                                    "128 workers, 10,000 string keys: 124,800 against 68,300 op/s; another "
                                    "report has the lock ahead from here on"},
                                   {40, {}, {}},
                                   {50, 385.0 / 692, "1M operations, 8 workers: 692 ms against 385 ms"}}};
  for (const Step& step : steps) {
    const std::string name = fmt::format("{} % writes", step.percent);
    add_pair(preset, {"real_sync_string", "real_rwlock_string"}, name,
             load(threads == 0 ? 8 : threads, step.percent, 10'000),
             {fmt::format("sync-map / lock, {}", name), 0, 0, step.reported, step.conditions});
  }
  return preset;
}

Preset shards(unsigned threads) {
  Preset preset{"shards",
                "2 to 128 shards, a reader-writer lock each",
                {},
                {},
                false,
                0,
                "More shards help as far as threads run at one time: with two processors there is little to gain."};
  for (unsigned count = 2; count <= 128; count *= 2) {
    preset.points.push_back({fmt::format("real_sharded_{}", count), fmt::format("{} shards", count),
                             load(threads == 0 ? 8 : threads, 50, 10'000)});
  }
  for (std::size_t i = 0; i < preset.points.size(); ++i) {
    if (i != 2) preset.comparisons.push_back({preset.points[i].step + " / 8 shards", i, 2});
  }
  for (Comparison& comparison : preset.comparisons) {
    if (comparison.first != 4) continue;
    comparison.reported = 1.9 / 1.2;
    comparison.conditions = "1.2M against 1.9M op/s";
  }
  return preset;
}

Preset copy_on_write(unsigned threads) {
  Preset preset{
      "copy-on-write",
      "copy on write against a reader-writer lock",
      {},
      {},
      false,
      0,
      "A copy costs as much as the map is large, so the ratio is one of the write share and the size: 1,000 keys "
      "here. The post-mortem states neither."};
  for (const double percent : {0.01, 0.1, 1.0}) {
    Comparison comparison{fmt::format("copy-on-write / lock, {} % writes", percent)};
    if (percent == 0.01) comparison.reported = 5.4;
    if (percent == 0.01) comparison.conditions = "read-mostly; shares not stated";
    add_pair(preset, {"real_cow", "real_rwlock"}, fmt::format("{} % writes", percent),
             load(threads == 0 ? 8 : threads, percent, 1'000), std::move(comparison));
  }
  return preset;
}

Preset delayed_write(unsigned threads) {
  Preset preset{"delayed-write",
                "queued writes, merged in batches, against a reader-writer lock",
                {},
                {},
                false,
                0,
                "The delayed map has 8 segments, so part of what it gains is sharding."};
  for (const double percent : {10.0, 50.0}) {
    Comparison comparison{fmt::format("delayed / lock, {} % writes", percent)};
    if (percent == 50.0) comparison.reported = 3.1;
    if (percent == 50.0) comparison.conditions = "write-heavy; share not stated";
    add_pair(preset, {"real_delayed", "real_rwlock"}, fmt::format("{} % writes", percent),
             load(threads == 0 ? 8 : threads, percent, 10'000), std::move(comparison));
  }
  return preset;
}

Preset inline_values(unsigned threads) {
  Preset preset{"inline-values",
                "values of 1,024 bytes behind pointers against inline",
                {},
                {},
                false,
                0,
                "Behind pointers a look-up hands out the pointer, inline it copies the bytes under the lock."};
  for (const double percent : {1.0, 10.0}) {
    Comparison comparison{fmt::format("pointer / inline, {} % writes", percent), 0, 0, 2.3, "1 KiB values"};
    add_pair(preset, {"real_rwlock_pointer", "real_rwlock"}, fmt::format("{} % writes", percent),
             load(threads == 0 ? 8 : threads, percent, 10'000), std::move(comparison), 1024);
  }
  return preset;
}

Preset stress(unsigned threads) {
  Preset preset{
      "stress", "100 threads, each 10,000 stores on 100 keys of its own with look-ups and deletes",     {}, {}, false,
      9'200,    "92 keys of each thread are left, whatever the order; the post-mortem states no times."};
  const unsigned count = threads == 0 ? 100 : threads;
  preset.live_keys = 92ULL * count;
  for (const char* map : {"real_rwlock", "real_sync", "real_sharded_32"}) {
    PresetPoint point{map, fmt::format("{} threads", count), load(count, 100, 100)};
    point.job.task = Task::preset;
    preset.points.push_back(std::move(point));
  }
  preset.comparisons.push_back({"sync-map / lock", 1, 0});
  preset.comparisons.push_back({"32 shards / lock", 2, 0});
  return preset;
}

}  // namespace

std::vector<Preset> presets(unsigned threads) {
  return {write_share(threads),   shards(threads),        copy_on_write(threads),
          delayed_write(threads), inline_values(threads), stress(threads)};
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : presets(0)) names.emplace_back(preset.name);
  return names;
}

std::vector<Compared> compare(const Preset& preset, std::span<const Measured> points) {
  MQ_ASSERT(points.size() == preset.points.size());
  std::vector<Compared> all;
  for (const Comparison& comparison : preset.comparisons) {
    Compared compared{comparison, {}};
    const auto first = points[comparison.first].rates();
    const auto second = points[comparison.second].rates();
    if (!first.empty() && !second.empty()) compared.measured = ratio_of_means(first, second);
    all.push_back(std::move(compared));
  }
  return all;
}

Agreement agreement(const Compared& compared) {
  MQ_ASSERT(compared.measured && compared.comparison.reported);
  const Interval& measured = *compared.measured;
  const double reported = *compared.comparison.reported;
  const auto holds = [&](double ratio) { return measured.low <= ratio && ratio <= measured.high; };
  if (holds(1)) return holds(reported) ? Agreement::too_wide : Agreement::undecided;
  if (holds(reported)) return Agreement::agrees;
  if (measured.value > reported / 1.25 && measured.value < reported * 1.25) return Agreement::agrees;
  return (measured.value > 1) == (reported > 1) ? Agreement::same_direction : Agreement::contradicts;
}

Crossover crossover(std::span<const Compared> compared) {
  bool all_known = true;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    all_known &= compared[i].measured.has_value();
    if (i == 0 || !compared[i].measured || !compared[i - 1].measured) continue;
    if ((compared[i].measured->value > 1) != (compared[i - 1].measured->value > 1)) {
      return {Crossover::Where::between, i - 1};
    }
  }
  return {all_known ? Crossover::Where::nowhere : Crossover::Where::unknown};
}

}  // namespace mapquake::real
