#include "harness/history/usage_record.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace mapquake {
namespace {

constexpr std::uint64_t linear = std::uint64_t{1} << LogHistogram::precision_bits;

std::size_t bucket_of(std::uint64_t value) {
  if (value < linear) return value;
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - LogHistogram::precision_bits;
  return (shift + 1) * linear + ((value >> shift) - linear);
}

std::uint64_t greatest_in(std::size_t bucket) {
  if (bucket < linear) return bucket;
  const std::size_t shift = bucket / linear - 1;
  return ((linear + bucket % linear) << shift) + ((std::uint64_t{1} << shift) - 1);
}

}  // namespace

void LogHistogram::clear() {
  if (count_ == 0) return;
  buckets_.fill(0);
  count_ = max_ = 0;
}

void LogHistogram::add(std::uint64_t value) {
  ++buckets_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void LogHistogram::merge(const LogHistogram& other) {
  if (other.count_ == 0) return;
  for (std::size_t i = 0; i < bucket_count; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t LogHistogram::percentile(unsigned percent) const {
  MQ_ASSERT(percent > 0 && percent <= 100);
  if (count_ == 0) return 0;
  const std::uint64_t rank = count_ / 100 * percent + (count_ % 100 * percent + 99) / 100;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(greatest_in(i), max_);
  }
  return max_;
}

std::uint64_t LogHistogram::count_of_width(unsigned bits) const {
  MQ_ASSERT(bits <= 64);
  if (bits == 0) return buckets_[0];
  const std::size_t begin = bucket_of(std::uint64_t{1} << (bits - 1));
  const std::size_t end = bits == 64 ? bucket_count : bucket_of(std::uint64_t{1} << bits);
  return std::accumulate(buckets_.begin() + static_cast<std::ptrdiff_t>(begin),
                         buckets_.begin() + static_cast<std::ptrdiff_t>(end), std::uint64_t{0});
}

void UsageRecord::clear() {
  for (auto& figures : per_call_) {
    for (LogHistogram& histogram : figures) histogram.clear();
  }
  live_bytes_.clear();
  for (auto& row : meetings_) row.fill(0);
  for (auto& causes : latency_by_cause_) {
    for (LogHistogram& histogram : causes) histogram.clear();
  }
}

void UsageRecord::add(const History& history) {
  add_meetings(history);
  for (std::uint32_t index = 0; index < history.calls.size(); ++index) {
    const Call& call = history.calls[index];
    if (call.thread == main_thread || call.status == CallStatus::pending) continue;
    const auto kind = static_cast<std::size_t>(call.operation.kind);
    auto& figures = per_call_[kind];
    for (std::size_t i = 0; i < figures.size(); ++i) figures[i].add(value_of(call.usage, static_cast<Figure>(i)));
    latency_by_cause_[kind][static_cast<std::size_t>(slow_cause_of(history, index))].add(call.usage.latency_ns);
  }
  if (history.quiescent_from != UINT32_MAX) live_bytes_.add(history.live_bytes);
}

void UsageRecord::add_meetings(const History& history) {
  const auto counts = [](const Call& call) { return call.thread != main_thread && call.status != CallStatus::pending; };
  for (std::size_t i = 0; i < history.calls.size(); ++i) {
    const Call& one = history.calls[i];
    if (!counts(one)) continue;
    for (std::size_t j = i + 1; j < history.calls.size() && history.calls[j].invoked < one.returned; ++j) {
      const Call& other = history.calls[j];
      if (!counts(other) || other.thread == one.thread) continue;
      const auto [low, high] = std::minmax(one.operation.kind, other.operation.kind);
      ++meetings_[static_cast<std::size_t>(low)][static_cast<std::size_t>(high)];
    }
  }
}

std::uint64_t UsageRecord::meetings(OpKind a, OpKind b) const {
  return meetings_[static_cast<std::size_t>(std::min(a, b))][static_cast<std::size_t>(std::max(a, b))];
}

void UsageRecord::merge(const UsageRecord& other) {
  for (std::size_t kind = 0; kind < per_call_.size(); ++kind) {
    for (std::size_t i = 0; i < per_call_[kind].size(); ++i) per_call_[kind][i].merge(other.per_call_[kind][i]);
  }
  for (std::size_t kind = 0; kind < latency_by_cause_.size(); ++kind) {
    for (std::size_t cause = 0; cause < slow_cause_count; ++cause) {
      latency_by_cause_[kind][cause].merge(other.latency_by_cause_[kind][cause]);
    }
  }
  live_bytes_.merge(other.live_bytes_);
  for (std::size_t a = 0; a < op_kind_count; ++a) {
    for (std::size_t b = 0; b < op_kind_count; ++b) meetings_[a][b] += other.meetings_[a][b];
  }
}

const LogHistogram& UsageRecord::latency_of(OpKind operation, SlowCause cause) const {
  return latency_by_cause_[static_cast<std::size_t>(operation)][static_cast<std::size_t>(cause)];
}

const LogHistogram& UsageRecord::of(OpKind operation, Figure figure) const {
  if (figure == Figure::live_bytes) return live_bytes_;
  return per_call_[static_cast<std::size_t>(operation)][static_cast<std::size_t>(figure)];
}

}  // namespace mapquake
