#include "harness/driver/stress.hpp"

#include "harness/base/rng.hpp"
#include "harness/driver/counters.hpp"
#include "harness/driver/delays.hpp"

#include <mapquake/record.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

namespace mapquake::driver {
namespace {

struct CallTraits {
  OpKind kind;
  Recorded recorded;
  unsigned weight;  ///< how often, compared with the others that the map has
};
constexpr std::array<CallTraits, 13> call_table{{{OpKind::insert, Recorded::insert, 12},
                                                 {OpKind::find, Recorded::find, 12},
                                                 {OpKind::contains, Recorded::contains, 3},
                                                 {OpKind::erase, Recorded::erase, 10},
                                                 {OpKind::assign, Recorded::assign, 8},
                                                 {OpKind::update, Recorded::update, 6},
                                                 {OpKind::get_or_create, Recorded::get_or_create, 8},
                                                 {OpKind::extract, Recorded::extract, 5},
                                                 {OpKind::replace, Recorded::replace, 5},
                                                 {OpKind::compare_exchange, Recorded::compare_exchange, 5},
                                                 {OpKind::upsert, Recorded::upsert, 6},
                                                 {OpKind::size, Recorded::size, 2},
                                                 {OpKind::clear, Recorded::clear, 1}}};

/// One round's part that does not change while it runs.
struct Round {
  std::uint64_t seed = 0;
  std::int64_t keys = 1;
  std::vector<CallTraits> calls;  ///< each as often as its weight
  unsigned length = 1;            ///< calls of each thread
};

Round draw_round(const real::Job& job, OpMask mask, std::uint64_t number, std::uintptr_t base) {
  Rng random(mix64(job.seed) ^ mix64(number));
  Round round;
  round.seed = random.next();
  // From all threads on one key to hardly any contention; maps that grow need many.
  round.keys = 1 + static_cast<std::int64_t>(random.below(1U << random.below(7)));
  round.keys = std::min<std::int64_t>(round.keys, static_cast<std::int64_t>(job.key_count));
  // In a short round the cause is near its symptom, which makes the log one to search; long ones grow large maps.
  round.length = std::max(1U, job.calls >> random.below(4));
  // Sizes entangle all keys, which makes histories dear to judge.
  if (random.below(4) != 0) mask &= ~(op_bit(OpKind::size) | op_bit(OpKind::clear));
  for (const CallTraits& traits : call_table) {
    if ((mask & op_bit(traits.kind)) == 0) continue;
    const unsigned favoured = random.below(3) == 0 ? 4 : 1;
    round.calls.insert(round.calls.end(), traits.weight * favoured, traits);
  }
  constexpr std::array<double, 5> shares{0, 0.01, 0.04, 0.15, 0.5};
  const double share = shares[random.below(shares.size())];
  if (!job.places.empty() && number % 2 == 1) {
    set_delay_places(round.seed, base, job.places);
  } else {
    set_delay_sites(round.seed, job.delays * share);
  }
  return round;
}

/// The first thing that a map says against itself.
class Complaint {
 public:
  void make(const std::string& text) {
    const std::scoped_lock lock(mutex_);
    if (text_.empty()) text_ = text;
  }
  const std::string& text() const { return text_; }

 private:
  std::mutex mutex_;
  std::string text_;
};

void record_answer(RecordedThread& recorder, record_format::Record* record, OpKind kind,
                   const abi::Response& response) {
  // After an exception it may have happened or not: it stays open.
  if (response.status != abi::Status::returned) return;
  if (response.told == abi::Told::nothing) return recorder.end(record);
  const std::optional<std::int64_t> value =
      response.has_value ? std::optional(response.value) : std::optional<std::int64_t>();
  switch (kind) {
    case OpKind::size:
      return recorder.end(record, static_cast<std::int64_t>(response.count));
    case OpKind::clear:
      return recorder.end(record);
    case OpKind::find:
    case OpKind::update:
    case OpKind::extract:
      return recorder.end(record, value);
    case OpKind::get_or_create:
      return recorder.end(record, response.value);
    default:
      return response.told == abi::Told::old_value ? recorder.end(record, value) : recorder.end(record, response.flag);
  }
}

class Thread {
 public:
  Thread(MapObject& object, Recording& recording, Complaint& complaint)
      : object_(object), recorder_(recording), complaint_(complaint) {}

  void call(const CallTraits& traits, std::int64_t key, std::int64_t value, std::int64_t extra = 0) {
    request_.kind = traits.kind;
    request_.key = key;
    request_.value = value;
    request_.extra = extra;
    record_format::Record* const record = recorder_.begin(traits.recorded, key, value, extra);
    object_.invoke(request_, response_);
    record_answer(recorder_, record, traits.kind, response_);
    if (response_.status == abi::Status::torn_value) complaint_.make(std::string("torn value: ") + response_.message);
    if (response_.has_value) last_ = response_.value;
  }

  void run(const Round& round, unsigned number) {
    Rng random(round.seed + 1 + number);
    // Its own numbers, so that a look-up tells whose write it saw.
    std::int64_t value = (static_cast<std::int64_t>(number) + 1) * 1'000'000;
    for (unsigned i = 0; i < round.length; ++i) {
      const CallTraits& traits = round.calls[random.below(static_cast<std::uint32_t>(round.calls.size()))];
      const std::int64_t key = 1 + random.below(static_cast<std::uint32_t>(round.keys));
      call(traits, key, ++value, last_);
      maybe_delay(&traits);
    }
  }

 private:
  MapObject& object_;
  RecordedThread recorder_;
  Complaint& complaint_;
  abi::Request request_;
  abi::Response response_;
  std::int64_t last_ = 0;  ///< value seen: what compare_exchange expects
};

const CallTraits& call_of(OpKind kind) {
  return *std::ranges::find(call_table, kind, &CallTraits::kind);
}

/// Answers what the map complained of.
std::string run_round(const real::Job& job, const abi::Map& map, const Round& round, const std::string& file) {
  Complaint complaint;
  MapObject object(map);
  if (!object.error().empty()) return object.error();
  const std::uint64_t calls_max = std::max<std::uint64_t>(round.length, static_cast<std::uint64_t>(round.keys));
  Recording recording(file, {job.threads + 1, calls_max, true});
  std::atomic<unsigned> ready{0};
  const auto work = [&](unsigned number) {
    if (job.pinned) pin_to_processor(number);
    const MapUser user(object);
    Thread thread(object, recording, complaint);
    ++ready;
    while (ready.load() < job.threads) ::sched_yield();
    take_part_in_delays(true, round.seed + number);
    thread.run(round, number);
    take_part_in_delays(false, 0);
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < job.threads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  const MapUser user(object);
  object.call(abi::Hook::quiesce);
  Thread last(object, recording, complaint);
  const OpKind look_up = (map.operations & op_bit(OpKind::find)) != 0 ? OpKind::find : OpKind::contains;
  if ((map.operations & op_bit(look_up)) != 0) {
    for (std::int64_t key = 1; key <= round.keys; ++key) last.call(call_of(look_up), key, 0);
  }
  if (complaint.text().empty()) {
    const std::string broken = object.broken_invariant();
    if (!broken.empty()) return "invariant broken: " + broken;
  }
  return complaint.text();
}

}  // namespace

OpMask recordable_calls(const abi::Map& map) {
  OpMask mask = 0;
  for (const CallTraits& traits : call_table) mask |= op_bit(traits.kind);
  return mask & map.operations & ~map.claims.exclusive_operations & ~map.claims.may_refuse;
}

void run_stress(const real::Job& job, const abi::Map& map, std::uintptr_t base, const Say& say,
                const std::function<bool()>& may_go_on) {
  const OpMask mask = recordable_calls(map);
  for (std::uint64_t number = 0; may_go_on(); ++number) {
    const Round round = draw_round(job, mask, number, base);
    if (round.calls.empty()) return say({.error = "the map has no call that the recorder knows"});
    const std::string file = job.directory + "/round-" + std::to_string(number) + ".mqrec";
    const std::string complaint = run_round(job, map, round, file);
    say({.round = number, .error = complaint});
    if (!complaint.empty()) return;
  }
}

}  // namespace mapquake::driver
