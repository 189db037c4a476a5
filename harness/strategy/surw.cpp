#include "harness/strategy/surw.hpp"

#include <algorithm>
#include <span>

namespace mapquake {
namespace {

/// One execution in so many takes every event as interesting.
constexpr std::uint32_t everything_one_in = 4;
/// That are told apart, of those that one instruction touches first.
constexpr std::ptrdiff_t locations_of_code_max = 8;

}  // namespace

Surw::Surw(std::uint32_t fault_mask) : ExploringStrategy(fault_mask) {
  locations_.reserve(locations_max);
  forget();
}

void Surw::forget() {
  locations_.assign(1, Location{.address = everything, .written = true});
  threads_known_ = threads_seen_ = 0;
}

void Surw::learn() {
  threads_known_ = std::max(threads_known_, threads_seen_);
  for (Location& location : locations_) {
    for (unsigned thread = 0; thread < threads_seen_; ++thread) {
      location.before[thread] = std::max(location.before[thread], location.now[thread]);
      location.now[thread] = 0;
    }
  }
}

void Surw::pick_interesting() {
  interesting_ = everything;
  if (rng_.below(everything_one_in) == 0) return;
  std::array<std::uint16_t, locations_max> shared;
  std::uint32_t count = 0;
  for (std::size_t i = 1; i < locations_.size(); ++i) {
    const auto& before = locations_[i].before;
    const auto touched = std::count_if(before.begin(), before.begin() + threads_known_, [](auto n) { return n != 0; });
    if (touched > 1 && locations_[i].written) shared[count++] = static_cast<std::uint16_t>(i);
  }
  if (count == 0) return;
  // An instruction, and then a place of those that it touched first: what each of many threads shares with its starter
  // alone must not make rare what all of them share.
  std::array<std::uint64_t, locations_max> codes;
  std::uint32_t code_count = 0;
  for (const std::uint16_t i : std::span(shared).first(count)) {
    const auto end = codes.begin() + code_count;
    if (std::find(codes.begin(), end, locations_[i].code) == end) codes[code_count++] = locations_[i].code;
  }
  const std::uint64_t code = codes[rng_.below(code_count)];
  std::uint32_t places = 0;
  for (const std::uint16_t i : std::span(shared).first(count)) {
    if (locations_[i].code == code && rng_.below(++places) == 0) interesting_ = locations_[i].address;
  }
}

void Surw::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  learn();
  rng_ = Rng(mix64(seed));
  faults_.begin(rng_);
  pick_interesting();
  const auto chosen = std::find_if(locations_.begin(), locations_.end(),
                                   [&](const Location& location) { return location.address == interesting_; });
  left_ = chosen->before;
  threads_seen_ = 0;
  intended_ = running_ = main_thread;
  next_ = {};
}

bool Surw::is_interesting(const NextStep& step) const {
  return interesting_ == everything || (step.location != 0 && (step.location & ~std::uint64_t{7}) == interesting_);
}

void Surw::count(ThreadId thread, const NextStep& step) {
  const auto add = [&](Location& location) {
    if (location.now[thread] != UINT16_MAX) ++location.now[thread];
  };
  add(locations_.front());
  const std::uint64_t address = step.location & ~std::uint64_t{7};
  if (address <= everything) return;
  const auto at = std::find_if(locations_.begin() + 1, locations_.end(),
                               [&](const Location& location) { return location.address == address; });
  if (at != locations_.end()) {
    at->written |= step.writes;
    add(*at);
  } else if (locations_.size() < locations_max &&
             std::ranges::count(locations_, step.code, &Location::code) < locations_of_code_max) {
    add(locations_.emplace_back(Location{.address = address, .code = step.code, .written = step.writes}));
  }
}

/// Events of threads that are not there yet count for the lowest thread that is: it starts them (section 3.3).
std::uint64_t Surw::weight_of(ThreadId thread, std::span<const ThreadId> ready) const {
  if (thread == main_thread) return 0;  // it only waits for the others
  std::uint64_t weight = left_[thread];
  const ThreadId lowest = ready.front() == main_thread && ready.size() > 1 ? ready[1] : ready.front();
  if (thread != lowest) return weight;
  for (unsigned other = threads_seen_; other < threads_known_; ++other) weight += left_[other];
  return weight;
}

ThreadId Surw::draw_by_weight(std::span<const ThreadId> ready) {
  std::uint64_t total = 0;
  for (const ThreadId thread : ready) total += weight_of(thread, ready);
  if (total == 0) return ready[rng_.below(static_cast<std::uint32_t>(ready.size()))];
  std::uint64_t drawn = rng_.below(static_cast<std::uint32_t>(std::min<std::uint64_t>(total, UINT32_MAX)));
  for (const ThreadId thread : ready) {
    const std::uint64_t weight = weight_of(thread, ready);
    if (drawn < weight) return thread;
    drawn -= weight;
  }
  return ready.back();
}

ThreadId Surw::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  MQ_ASSERT(point.thread < threads_max && ready.back() < threads_max);
  threads_seen_ = std::max({threads_seen_, point.thread + 1u, ready.back() + 1u});
  if (point.thread == running_ && running_ == intended_ && is_interesting(next_[running_])) {
    if (left_[running_] != 0) --left_[running_];
    intended_ = main_thread;
  }
  count(point.thread, point.next);
  next_[point.thread] = point.next;
  const bool may_come = intended_ != main_thread && std::binary_search(ready.begin(), ready.end(), intended_);
  if (!may_come) intended_ = draw_by_weight(ready);
  // Whoever waits in a loop waits for one of the others, whatever was expected of that one.
  if (point.yielding) intended_ = ready[rng_.below(static_cast<std::uint32_t>(ready.size()))];
  // The intended thread, or one that does nothing interesting yet, all alike. One that yields gives way.
  std::array<ThreadId, threads_max> candidates;
  std::uint32_t count = 0;
  for (const ThreadId thread : ready) {
    if (point.yielding && thread == point.thread) continue;
    if (thread == intended_ || (thread != main_thread && !is_interesting(next_[thread]))) candidates[count++] = thread;
  }
  running_ = count == 0 ? (point.yielding ? default_thread(point, ready) : intended_) : candidates[rng_.below(count)];
  return running_;
}

}  // namespace mapquake
