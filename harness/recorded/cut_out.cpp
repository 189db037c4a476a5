#include "harness/recorded/cut_out.hpp"

#include "harness/base/rng.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace mapquake::recorded {
namespace {

constexpr std::int64_t first_text_value = 1001;
/// Longer than the steps of any call that ends take, at a nanosecond a step.
constexpr std::int64_t phase_ms = 1;
/// Hashes that a map sees under abi::HashMode::few.
constexpr std::uint64_t few_hashes = 4;

std::int64_t end_of(const Row& row) {
  return row.told == Told::unfinished ? std::numeric_limits<std::int64_t>::max() : row.end;
}

class CuttingOut {
 public:
  CuttingOut(const Log& log, const Contradiction& found, Breadth breadth)
      : log_(log), found_(&found), breadth_(breadth), seeds_(found.rows) {
    // What left the key as it should have stayed may have been made undone by what went on beside it.
    if (found.before_row) seeds_.push_back(*found.before_row);
    choose_rows();
  }
  CuttingOut(const Log& log, std::vector<std::uint32_t> rows)
      : log_(log), found_(nullptr), breadth_(Breadth::contradiction) {
    cut_.rows = std::move(rows);
    by_start();
  }

  CutOut run() {
    choose_hash();
    std::int64_t until = std::numeric_limits<std::int64_t>::min();
    for (const std::uint32_t row : cut_.rows) {
      if (row != cut_.rows.front() && log_.rows[row].start > until) ++phase_;
      add(row);
      until = std::max(until, end_of(log_.rows[row]));
    }
    prefill();
    return std::move(cut_);
  }

 private:
  /// How long the call is beside none of the contradicting ones: 0 for those that overlap one.
  std::uint64_t distance(const Row& row) const {
    std::uint64_t nearest = UINT64_MAX;
    for (const std::uint32_t other : seeds_) {
      const Row& told = log_.rows[other];
      std::uint64_t apart = 0;
      if (end_of(row) < told.start) apart = gap(end_of(row), told.start);
      if (end_of(told) < row.start) apart = gap(end_of(told), row.start);
      nearest = std::min(nearest, apart);
    }
    return nearest;
  }
  static std::uint64_t gap(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  }

  /// A program has no more threads, and no more calls, than a search can do something with.
  void choose_rows() {
    std::set<std::uint32_t> chosen(seeds_.begin(), seeds_.end());
    if (breadth_ != Breadth::contradiction) add_writers(chosen);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> beside;
    for (std::uint32_t row = 0; row < log_.rows.size(); ++row) {
      const OpKind kind = log_.rows[row].kind;
      const bool can_matter = is_write(kind) && kind != OpKind::clear;
      if (!is_within_breadth(log_.rows[row])) continue;
      if (can_matter && !chosen.contains(row) && distance(log_.rows[row]) == 0) beside.emplace_back(length(row), row);
    }
    // Short ones say most precisely that they were beside.
    std::ranges::sort(beside);
    for (const auto& [unused, row] : beside) {
      if (chosen.size() >= cut_out_calls_max) break;
      chosen.insert(row);
    }
    cut_.rows.assign(chosen.begin(), chosen.end());
    by_start();
  }
  void by_start() {
    std::ranges::stable_sort(cut_.rows, {}, [this](std::uint32_t row) { return log_.rows[row].start; });
  }
  /// Names of keys say nothing of where they lie in a table; what the log tells of that is kept.
  void choose_hash() {
    std::map<std::uint32_t, std::uint32_t> key_of_collision;
    for (const std::uint32_t row : cut_.rows) {
      if (!names_key(log_.rows[row].kind)) continue;
      const std::uint32_t key = log_.rows[row].key;
      if (log_.collision(key) == collision_unknown) continue;
      const auto [at, fresh] = key_of_collision.try_emplace(log_.collision(key), key);
      if (at->second != key) cut_.program.hash = abi::HashMode::few;
    }
  }
  /// A value that was seen was written: perhaps long before, by a call that was right to write it.
  void add_writers(std::set<std::uint32_t>& chosen) const {
    std::set<std::int64_t> seen;
    for (const std::uint32_t number : seeds_) {
      if (log_.rows[number].told == Told::value) seen.insert(log_.rows[number].answer);
    }
    for (std::uint32_t row = 0; row < log_.rows.size() && chosen.size() < cut_out_calls_max; ++row) {
      const Row& other = log_.rows[row];
      const bool writes = writes_value(other.kind) || adds_amount(other.kind);
      if (writes && other.key == *found_->key && seen.contains(other.value)) chosen.insert(row);
    }
  }
  bool is_within_breadth(const Row& row) const {
    if (breadth_ == Breadth::contradiction) return false;
    return breadth_ == Breadth::all || (names_key(row.kind) && row.key == *found_->key);
  }
  std::uint64_t length(std::uint32_t row) const { return gap(log_.rows[row].start, end_of(log_.rows[row])); }

  void add(std::uint32_t number) {
    const Row& row = log_.rows[number];
    const auto at = std::ranges::find(cut_.threads, row.thread);
    const auto thread = static_cast<std::size_t>(at - cut_.threads.begin());
    if (at == cut_.threads.end()) {
      if (cut_.threads.size() == program_threads_max) return;
      cut_.threads.push_back(row.thread);
      cut_.program.threads.emplace_back();
      cut_.row_of.emplace_back();
      cut_.answer_of.emplace_back();
      phase_of_.push_back(0);
    }
    if (phase_of_[thread] < phase_) {
      push(thread, {OpKind::sleep, (phase_ - phase_of_[thread]) * phase_ms, 0, 0}, no_row, 0);
      phase_of_[thread] = phase_;
    }
    Operation operation{row.kind, 0, 0, 0};
    if (names_key(row.kind)) operation.key = key_of(row.key);
    if (writes_value(row.kind) || adds_amount(row.kind)) operation.value = value_of(row.value);
    if (traits_of(row.kind).takes == Takes::key_value_extra) operation.extra = value_of(row.extra);
    push(thread, operation, number, row.told == Told::value ? value_of(row.answer) : row.answer);
  }
  void push(std::size_t thread, const Operation& operation, std::uint32_t row, std::int64_t answer) {
    cut_.program.threads[thread].push_back(operation);
    cut_.row_of[thread].push_back(row);
    cut_.answer_of[thread].push_back(answer);
  }

  std::int64_t key_of(std::uint32_t key) {
    const auto known = std::ranges::find(cut_.keys, key, &CutOut::Key::log_key);
    if (known != cut_.keys.end()) return known->number;
    std::int64_t number = 1;
    while (std::ranges::find(cut_.keys, number, &CutOut::Key::number) != cut_.keys.end() || !hashes_alike(number, key))
      ++number;
    cut_.keys.push_back({number, key});
    return number;
  }
  /// Does the program's number hash to where the log has the key? The first to come takes any place.
  bool hashes_alike(std::int64_t number, std::uint32_t key) const {
    const std::uint32_t collision = log_.collision(key);
    if (cut_.program.hash != abi::HashMode::few || collision == collision_unknown) return true;
    return mix64(static_cast<std::uint64_t>(number)) % few_hashes == collision % few_hashes;
  }

  std::int64_t value_of(std::int64_t value) {
    if (Values::is_number(value)) return value;
    const auto [at, fresh] = values_.try_emplace(value, first_text_value + static_cast<std::int64_t>(values_.size()));
    return at->second;
  }

  /// What the call shows the key to hold after it. Empty: nothing.
  std::optional<KeyState> shown(const Row& row) const {
    switch (row.kind) {
      case OpKind::insert:
      case OpKind::assign:
        if (row.kind == OpKind::insert && row.told != Told::yes && row.told != Told::nothing) return std::nullopt;
        return KeyState{true, row.value};
      case OpKind::find:
      case OpKind::get_or_create:
        if (row.told == Told::value) return KeyState{true, row.answer};
        return row.told == Told::absent ? std::optional(KeyState{}) : std::nullopt;
      case OpKind::erase:
      case OpKind::extract:
        return KeyState{};
      case OpKind::update:
        if (row.told == Told::value) return KeyState{true, added(row.answer, row.value)};
        return row.told == Told::absent ? std::optional(KeyState{}) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  /// By the last call on each key that had returned before; that of the contradiction as its evidence says.
  void prefill() {
    const std::int64_t begin = log_.rows[cut_.rows.front()].start;
    std::map<std::uint32_t, std::pair<std::int64_t, KeyState>> states;
    for (const Row& row : log_.rows) {
      if (!names_key(row.kind) || end_of(row) >= begin) continue;
      const auto state = shown(row);
      if (!state) continue;
      const auto [at, fresh] = states.try_emplace(row.key, row.end, *state);
      if (!fresh && at->second.first <= row.end) at->second = {row.end, *state};
    }
    if (found_ != nullptr && found_->before && !found_->before_row) states[*found_->key] = {begin, *found_->before};
    const auto take = [&](std::uint32_t key) {
      const auto at = states.find(key);
      if (at == states.end() || !at->second.second.present) return;
      if (cut_.program.prefill.size() == cut_out_prefill_max) return;
      cut_.program.prefill.push_back({key_of(key), value_of(at->second.second.value)});
    };
    const std::vector<CutOut::Key> in_use = cut_.keys;
    for (const CutOut::Key& key : in_use) take(key.log_key);
    for (const auto& [key, unused] : states) {
      if (std::ranges::find(in_use, key, &CutOut::Key::log_key) == in_use.end()) take(key);
    }
  }

  const Log& log_;
  const Contradiction* const found_;  ///< null: the rows are given
  const Breadth breadth_;
  std::vector<std::uint32_t> seeds_;
  std::int64_t phase_ = 0;
  std::vector<std::int64_t> phase_of_;  ///< that each thread has slept up to
  CutOut cut_;
  std::map<std::int64_t, std::int64_t> values_;
};

/// The first moment at which most calls were open; 0 of a log without calls.
std::int64_t busiest_moment(const Log& log) {
  std::vector<std::int64_t> ends;
  std::vector<std::int64_t> starts;
  for (const Row& row : log.rows) {
    starts.push_back(row.start);
    ends.push_back(end_of(row));
  }
  std::ranges::sort(starts);
  std::ranges::sort(ends);
  std::size_t ended = 0, most = 0;
  std::int64_t moment = 0;
  for (std::size_t begun = 1; begun <= starts.size(); ++begun) {
    const std::int64_t now = starts[begun - 1];
    while (ends[ended] < now) ++ended;
    if (begun - ended <= most) continue;
    most = begun - ended;
    moment = now;
  }
  return moment;
}

}  // namespace

CutOut cut_out(const Log& log, const Contradiction& found, Breadth breadth) {
  return CuttingOut(log, found, breadth).run();
}

CutOut cut_out_rows(const Log& log, std::vector<std::uint32_t> rows) {
  return CuttingOut(log, std::move(rows)).run();
}

std::vector<std::uint32_t> telling_rows(const Log& log) {
  std::vector<std::uint32_t> open;
  std::vector<std::uint32_t> returned;
  for (std::uint32_t row = 0; row < log.rows.size(); ++row) {
    (log.rows[row].told == Told::unfinished ? open : returned).push_back(row);
  }
  const auto start_of = [&](std::uint32_t row) { return log.rows[row].start; };
  std::ranges::stable_sort(open, std::ranges::greater(), start_of);
  if (open.size() > cut_out_calls_max) open.resize(cut_out_calls_max);
  const std::int64_t from = open.empty() ? busiest_moment(log) : start_of(open.back());
  const auto was_over = [&](std::uint32_t row) {
    return log.rows[row].end < from || (open.empty() && start_of(row) > from);
  };
  std::erase_if(returned, was_over);
  std::ranges::stable_sort(returned, std::ranges::greater(), [&](std::uint32_t row) { return log.rows[row].end; });
  returned.resize(std::min(returned.size(), cut_out_calls_max - open.size()));
  open.insert(open.end(), returned.begin(), returned.end());
  return open;
}

}  // namespace mapquake::recorded
