#include "harness/driver/workload.hpp"

#include "harness/base/rng.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>

namespace mapquake::driver {
namespace {

using real::Job;
using real::Keys;

constexpr double zipf_exponent = 0.99;  // B. Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010
constexpr unsigned hot_percent = 93;    // incident I20

std::optional<OpKind> first_of(OpMask operations, std::initializer_list<OpKind> kinds) {
  for (const OpKind kind : kinds) {
    if ((operations & op_bit(kind)) != 0) return kind;
  }
  return std::nullopt;
}

std::optional<OpKind> reading_call(OpMask operations) {
  return first_of(operations, {OpKind::find, OpKind::contains});
}

/// Draws keys in [1, count].
class KeySource {
 public:
  explicit KeySource(const Job& job) : keys_(job.keys), count_(static_cast<std::uint32_t>(job.key_count)) {
    if (keys_ != Keys::zipf) return;
    double sum = 0;
    for (std::uint32_t rank = 1; rank <= count_; ++rank) {
      sum += 1 / std::pow(rank, zipf_exponent);
      up_to_.push_back(sum);
    }
  }

  /// `progress` in [0, 1): how far the window has gone.
  std::int64_t draw(Rng& random, double progress) const {
    if (keys_ == Keys::zipf) {
      const double at = static_cast<double>(random.next() >> 11) * 0x1p-53 * up_to_.back();
      const auto rank = std::ranges::upper_bound(up_to_, at) - up_to_.begin();
      return 1 + static_cast<std::int64_t>(mix64(static_cast<std::uint64_t>(rank)) % count_);
    }
    if (keys_ == Keys::hot_window && random.below(100) < hot_percent) {
      const std::uint32_t width = std::max(1U, count_ / 100);
      const auto start = static_cast<std::uint32_t>(progress * count_);
      return 1 + static_cast<std::int64_t>((start + random.below(width)) % count_);
    }
    return 1 + random.below(count_);
  }

 private:
  Keys keys_;
  std::uint32_t count_;
  std::vector<double> up_to_;
};

}  // namespace

std::optional<OpKind> adding_call(OpMask operations) {
  return first_of(operations, {OpKind::insert, OpKind::assign, OpKind::upsert, OpKind::get_or_create});
}

bool can_be_benched(OpMask operations) {
  return reading_call(operations) && adding_call(operations);
}

Workload::Workload(const Job& job, OpMask operations, unsigned thread)
    : read_(*reading_call(operations)), add_(*adding_call(operations)), sequential_(job.keys == Keys::sequential) {
  const auto overwrites = first_of(operations, {OpKind::assign, OpKind::upsert});
  erases_ = (operations & op_bit(OpKind::erase)) != 0;
  write_[0] = overwrites.value_or(add_);
  write_[1] = overwrites.value_or(erases_ ? OpKind::erase : add_);
  Rng random(mix64(job.seed) + thread);
  const KeySource source(job);
  drawn_.reserve(count);
  const double share = job.write_percent / 100;
  for (std::size_t i = 0; i < count; ++i) {
    const double progress = static_cast<double>(i) / static_cast<double>(count);
    const bool write = static_cast<double>(random.next() >> 11) * 0x1p-53 < share;
    drawn_.push_back({source.draw(random, progress), write});
  }
  value_ = static_cast<std::int64_t>(thread + 1) << 40;
  newest_ = oldest_ = value_;
  kept_ = std::max<std::uint64_t>(1, job.key_count / job.threads);
}

void Workload::next_sequential(bool write, abi::Request& request) {
  const auto alive = static_cast<std::uint64_t>(newest_ - oldest_);
  if (!write) {
    request.kind = read_;
    const auto back = static_cast<std::int64_t>(static_cast<std::uint64_t>(drawn_[at_].key) %
                                                std::max<std::uint64_t>(1, std::min(kept_, alive)));
    request.key = newest_ - back;
  } else if (erases_ && alive >= kept_) {
    request.kind = OpKind::erase;
    request.key = ++oldest_;
  } else {
    request.kind = add_;
    request.key = ++newest_;
  }
}

}  // namespace mapquake::driver
