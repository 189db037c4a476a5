#include "harness/strategy/reads_from.hpp"

#include <algorithm>

namespace mapquake {
namespace {

/// That are told apart, of those that one instruction touches: what each of many threads does in a place of its own
/// must not crowd out the others.
constexpr std::ptrdiff_t places_of_code_max = 8;

constexpr std::uint64_t word_of(std::uint64_t location) {
  return location & ~std::uint64_t{7};
}

}  // namespace

ReadsFrom::ReadsFrom(std::uint32_t fault_mask) : ExploringStrategy(fault_mask) {
  known_.reserve(events_max);
  kept_.reserve(kept_max);
}

void ReadsFrom::forget() {
  known_.clear();
  reading_.clear();
  pairs_.clear();
  kept_.clear();
  wishes_ = {};
  showed_new_pair_ = false;
}

ReadsFrom::Event ReadsFrom::event_of(const NextStep& step) {
  return mix64(step.code ^ mix64(word_of(step.location))) | 1;
}

/// Any instruction, and any place that it reads: what each of many threads does with memory of its own, its start for
/// one, must not make rare what all of them do.
const ReadsFrom::Known* ReadsFrom::draw_read() {
  if (reading_.empty()) return nullptr;
  const std::uint64_t code = reading_[rng_.below(static_cast<std::uint32_t>(reading_.size()))];
  const Known* drawn = nullptr;
  std::uint32_t places = 0;
  for (const Known& known : known_) {
    if (known.reads && known.code == code && rng_.below(++places) == 0) drawn = &known;
  }
  return drawn;
}

/// Any that the read may see, what was there before among them; nothing if there is none. `new_only`: that no execution
/// has shown it to see.
std::optional<ReadsFrom::Event> ReadsFrom::draw_write(const Known& read, bool new_only) {
  std::optional<Event> drawn;
  std::uint32_t count = 0;
  bool is_written = false;
  const auto consider = [&](Event write) {
    if (new_only && pairs_.contains(pair_of(read.event, write))) return;
    if (rng_.below(++count) == 0) drawn = write;
  };
  consider(0);
  for (const Known& other : known_) {
    if (!other.writes || other.locks || other.location != read.location) continue;
    is_written = true;
    consider(other.event);
  }
  return is_written ? drawn : std::nullopt;
}

ReadsFrom::Wish ReadsFrom::draw_wish() {
  // Any read, and any write to the same place or none.
  for (unsigned attempt = 0; attempt < 8; ++attempt) {
    const Known* const read = draw_read();
    if (read == nullptr) return {};
    const auto is_wished = [&](const Wish& wish) { return wish.read == read->event; };
    if (std::ranges::any_of(wishes_.list, is_wished)) continue;
    const std::optional<Event> write = draw_write(*read, rng_.below(2) == 0);
    if (write) return {.read = read->event, .write = *write, .location = read->location};
  }
  return {};
}

void ReadsFrom::draw_wishes() {
  if (showed_new_pair_ && wishes_.count != 0 && kept_.size() < kept_max) kept_.push_back(wishes_);
  showed_new_pair_ = false;
  wishes_ = {};
  if (known_.empty()) return;
  if (!kept_.empty() && rng_.below(3) == 0) wishes_ = kept_[rng_.below(static_cast<std::uint32_t>(kept_.size()))];
  for (Wish& wish : wishes_.list) wish.settled = false;
  const std::size_t wanted = 1 + rng_.below(wishes_max - 1);
  do {
    const Wish wish = draw_wish();
    if (wish.read == 0) return;
    const std::size_t at = wishes_.count < wishes_max ? wishes_.count++ : rng_.below(wishes_max);
    wishes_.list[at] = wish;
  } while (wishes_.count < wanted);
}

void ReadsFrom::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  rng_ = Rng(mix64(seed));
  faults_.begin(rng_);
  draw_wishes();
  goes_on_ = rng_.below(2) == 0;
  last_writes_.clear();
  yields_ = 0;
  running_ = main_thread;
  next_ = {};
  priority_ = {};
}

ReadsFrom::Event& ReadsFrom::last_write_at(std::uint64_t location) {
  const auto at = std::ranges::find(last_writes_, location, &LastWrite::location);
  if (at != last_writes_.end()) return at->event;
  return last_writes_.emplace_back(LastWrite{location, 0}).event;
}

void ReadsFrom::note(const NextStep& step) {
  const Event event = event_of(step);
  if (known_.size() == events_max || std::ranges::find(known_, event, &Known::event) != known_.end()) return;
  if (std::ranges::count(known_, step.code, &Known::code) >= places_of_code_max) return;
  known_.push_back({event, word_of(step.location), step.code, step.reads, step.writes, step.waits});
  if (step.reads && std::ranges::find(reading_, step.code) == reading_.end()) reading_.push_back(step.code);
}

void ReadsFrom::happened(const NextStep& step) {
  if (step.location == 0) return;
  note(step);
  const Event event = event_of(step);
  Event& last = last_write_at(word_of(step.location));
  if (step.reads) {
    showed_new_pair_ |= pairs_.insert(pair_of(event, last)).second;
    for (Wish& wish : wishes_.list) wish.settled |= wish.read == event;
  }
  if (step.writes) last = event;
}

bool ReadsFrom::is_held_back(const NextStep& step) {
  if (step.location == 0 || yields_ > yields_max) return false;
  const Event event = event_of(step);
  for (std::size_t i = 0; i < wishes_.count; ++i) {
    const Wish& wish = wishes_.list[i];
    if (wish.settled || wish.location != word_of(step.location)) continue;
    const bool ready_to_be_read = last_write_at(wish.location) == wish.write;
    if (wish.read == event && !ready_to_be_read) return true;
    if (wish.read != event && step.writes && ready_to_be_read) return true;
  }
  return false;
}

ThreadId ReadsFrom::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  MQ_ASSERT(point.thread < threads_max && ready.back() < threads_max);
  // What the running thread was chosen for has happened; what others do, they have not begun.
  if (point.thread == running_) happened(next_[running_]);
  // Whoever is held back may be who the others wait for.
  yields_ += point.yielding;
  next_[point.thread] = point.next;
  priority_[point.thread] = 0;
  ThreadId best = ready.back();
  std::uint64_t best_rank = 0;
  for (const ThreadId thread : ready) {
    // The main thread only waits for the others.
    if (thread == main_thread && ready.size() > 1) continue;
    if (priority_[thread] == 0) priority_[thread] = 1 + rng_.below(UINT32_MAX - 1);
    const bool yields = point.yielding && thread == point.thread;
    const bool stays = goes_on_ && !yields && point.can_continue && thread == point.thread;
    const std::uint64_t rank = (std::uint64_t{!yields} << 62) | (std::uint64_t{!is_held_back(next_[thread])} << 61) |
                               (std::uint64_t{stays} << 60) | priority_[thread];
    if (rank > best_rank) best = thread, best_rank = rank;
  }
  running_ = best;
  return best;
}

}  // namespace mapquake
