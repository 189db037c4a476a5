// Histories that are right by construction: a model map, run by threads whose calls begin, take effect and return at
// random times. What the claims leave open is filled with the worst they allow: garbage from sizes and traversals that
// writes overlap, half-effects of calls that threw, calls that never return.
#pragma once

#include "harness/base/rng.hpp"
#include "harness/oracle/judgement.hpp"
#include "harness/oracle/overlap.hpp"
#include "tests/unit/oracle/history_builder.hpp"
#include "tests/unit/oracle/simulated_cursor.hpp"

#include <map>
#include <optional>
#include <vector>

namespace mapquake::histories {

struct SimulationLimits {
  unsigned threads = 3;
  unsigned operations = 4;  ///< per thread
  unsigned keys = 4;
  unsigned throw_percent = 10;
  unsigned pending_percent = 10;  ///< executions that are cut off
  bool all_kinds = true;          ///< false: point operations only
  bool whole_at_rest = true;      ///< false: no size and no traversal at the end
  unsigned bound_percent = 0;     ///< lower and upper bounds among the point operations
  unsigned several_percent = 0;   ///< look-ups of several keys and transactions
  unsigned cursor_percent = 0;
};

class SimulatedMap {
 public:
  SimulatedMap(std::uint64_t seed, const Claims& claims, SimulationLimits limits)
      : rng_(seed), claims_(claims), limits_(limits) {}

  HistoryBuilder run() {
    const std::uint32_t prefill = rng_.below(limits_.keys + 1);
    for (std::uint32_t i = 0; i < prefill; ++i) {
      const Operation operation = insert(key(), value_of_a_write());
      const bool added = map_.emplace(operation.key, operation.value).second;
      h_.call(M, operation, added ? yes() : no());
    }
    threads_.assign(limits_.threads, Thread{});
    std::uint32_t steps = 0;
    const std::uint32_t cut = rng_.below(100) < limits_.pending_percent ? 1 + rng_.below(40) : UINT32_MAX;
    while (step()) {
      if (++steps >= cut) return h_;
    }
    finish();
    return h_;
  }

 private:
  struct Thread {
    std::optional<std::size_t> call;
    unsigned made = 0;
    bool effective = false;
    std::vector<std::int64_t> keys_left;  // of an operation that treats key after key
    std::optional<SimulatedCursor> cursor;
    Reply reply;
  };

  std::int64_t key() { return rng_.below(limits_.keys); }
  std::int64_t value_of_a_write() { return 10 + rng_.below(4); }
  bool percent(unsigned p) { return rng_.below(100) < p; }

  bool step() {
    std::vector<std::size_t> able;
    for (std::size_t t = 0; t < threads_.size(); ++t) {
      if (threads_[t].call || threads_[t].made < limits_.operations) able.push_back(t);
    }
    if (able.empty()) return false;
    const std::size_t t = able[rng_.below(static_cast<std::uint32_t>(able.size()))];
    Thread& thread = threads_[t];
    if (!thread.call) {
      start(thread, static_cast<ThreadId>(t + 1));
    } else if (!thread.effective) {
      act(thread);
    } else {
      finish(thread);
    }
    return true;
  }

  Operation random_operation() {
    static constexpr OpKind whole[] = {OpKind::size,    OpKind::clear,    OpKind::reserve,
                                       OpKind::iterate, OpKind::erase_if, OpKind::copy};
    static constexpr OpKind points[] = {
        OpKind::insert,  OpKind::find,    OpKind::contains,        OpKind::erase,
        OpKind::assign,  OpKind::update,  OpKind::upsert,          OpKind::get_or_create,
        OpKind::extract, OpKind::replace, OpKind::compare_exchange};
    Operation operation{points[rng_.below(11)], key(), value_of_a_write()};
    if (adds_amount(operation.kind)) operation.value = rng_.below(3);
    if (operation.kind == OpKind::compare_exchange) operation.extra = value_of_a_write();
    if (limits_.all_kinds && percent(25)) operation.kind = whole[rng_.below(6)];
    const unsigned bounds = limits_.all_kinds ? 10 : limits_.bound_percent;
    if (limits_.several_percent != 0 && percent(limits_.several_percent)) {
      static constexpr OpKind several[] = {OpKind::find_all, OpKind::transact, OpKind::transact_erasing};
      return {several[rng_.below(3)], key(), value_of_a_write(), key()};
    }
    if (limits_.cursor_percent != 0 && percent(limits_.cursor_percent)) {
      return {SimulatedCursor::kinds[rng_.below(5)], 1 + rng_.below(limits_.keys + 1), 0};
    }
    if (bounds != 0 && percent(bounds)) operation.kind = percent(50) ? OpKind::lower_bound : OpKind::upper_bound;
    return operation;
  }

  void start(Thread& thread, ThreadId id) {
    const Operation operation = random_operation();
    ++thread.made;
    thread.call = h_.begin(id, operation);
    thread.reply = {};
    thread.effective = false;
    thread.keys_left.clear();
    if (is_bound(operation.kind) && claims_.bounds != Bounds::linearizable) {  // upwards, key by key
      for (std::int64_t k = limits_.keys; k-- > 0;) {
        if (in_range(operation, k)) thread.keys_left.push_back(k);
      }
    }
    if (operation.kind == OpKind::find_all && claims_.find_all == SeveralKeys::per_key) {
      thread.keys_left = {operation.key, operation.extra, operation.key};
    }
    if (is_transaction(operation.kind)) {
      const bool in_part = claims_.transactions == SeveralKeys::per_key;
      thread.reply.flag = percent(70);
      if (in_part && (thread.reply.flag || percent(50))) {
        if (operation.extra != operation.key) thread.keys_left.push_back(operation.extra);
        if (thread.reply.flag || thread.keys_left.empty() || percent(50)) thread.keys_left.push_back(operation.key);
      } else if (in_part) {
        thread.effective = true;
      }
    }
    if (!key_by_key(operation.kind)) return;
    for (unsigned k = 0; k < limits_.keys; ++k) {
      const auto at = static_cast<std::ptrdiff_t>(rng_.below(k + 1));
      thread.keys_left.insert(thread.keys_left.begin() + at, k);
    }
  }

  bool key_by_key(OpKind kind) const {
    if (kind == OpKind::iterate) return claims_.iteration != Iteration::snapshot;
    const bool whole = kind == OpKind::clear || kind == OpKind::erase_if || kind == OpKind::copy;
    return whole && claims_.whole_map == WholeMap::per_key;
  }

  const Operation& operation_of(const Thread& thread) const { return h_.history().calls[*thread.call].operation; }

  void act(Thread& thread) {
    const Operation operation = operation_of(thread);
    if (!thread.keys_left.empty()) {
      treat(operation, thread.keys_left.back(), thread.reply);
      thread.keys_left.pop_back();
      thread.effective = thread.keys_left.empty();
      return;
    }
    if (operation.kind == OpKind::cursor_step && thread.cursor) {
      thread.effective = thread.cursor->advance(map_, operation.key, thread.reply);
      if (thread.reply.flag) thread.cursor.reset();
      return;
    }
    if (is_of_cursor(operation.kind)) thread.cursor.reset();
    if (operation.kind == OpKind::cursor_open) {
      thread.cursor.emplace(rng_, limits_.keys, claims_.iteration == Iteration::snapshot ? &map_ : nullptr);
    }
    thread.effective = true;
    if (percent(limits_.throw_percent) && names_key(operation.kind) && !is_bound(operation.kind)) {
      throw_from(operation, thread.reply);
    } else {
      perform(operation, thread.reply);
    }
  }

  void throw_from(const Operation& operation, Reply& reply) {
    if (!is_transaction(operation.kind) && claims_.on_bad_alloc != ExceptionGuarantee::strong && percent(50)) {
      if (percent(50)) {
        perform(operation, reply);
      } else if (overwrites(operation.kind)) {
        map_.erase(operation.key);
      }
    }
    reply = ended(percent(50) ? CallStatus::threw_bad_alloc : CallStatus::threw_injected);
  }

  static bool overwrites(OpKind kind) {
    return kind == OpKind::assign || kind == OpKind::update || kind == OpKind::upsert || kind == OpKind::replace ||
           kind == OpKind::compare_exchange;
  }

  /// A whole-map operation, or one on several keys, at one key.
  void treat(const Operation& operation, std::int64_t k, Reply& reply) {
    if (operation.kind == OpKind::find_all) return look_up(k, reply);
    if (is_transaction(operation.kind)) return write(operation, k);
    const auto found = map_.find(k);
    if (found == map_.end()) return;
    if (is_bound(operation.kind) && !reply.visits.empty()) return;
    const bool of_parity = ((k ^ operation.key) & 1) == 0;
    const bool erases = operation.kind == OpKind::erase_if && of_parity;
    if (operation.kind != OpKind::clear) reply.visits.push_back({k, found->second, erases});
    if (erases || operation.kind == OpKind::clear) map_.erase(found);
    if (erases) ++reply.count;
  }

  /// The next of the keys that were asked for.
  void look_up(std::int64_t k, Reply& reply) {
    const std::uint64_t bit = std::uint64_t{1} << reply.value++;
    const auto found = map_.find(k);
    if (found == map_.end()) return;
    reply.count |= bit;
    reply.visits.push_back({k, found->second, false});
  }

  void write(const Operation& transaction, std::int64_t k) {
    if (transaction.kind == OpKind::transact_erasing && k != transaction.key) {
      map_.erase(k);
    } else {
      map_[k] = transaction.value;
    }
  }

  void perform(const Operation& operation, Reply& reply) {
    const auto found = map_.find(operation.key);
    const bool there = found != map_.end();
    switch (operation.kind) {
      case OpKind::insert:
        reply.flag = map_.emplace(operation.key, operation.value).second;
        break;
      case OpKind::find:
      case OpKind::update:
        reply.has_value = there;
        if (there) reply.value = found->second;
        if (there && operation.kind == OpKind::update) found->second += operation.value;
        break;
      case OpKind::contains:
        reply.flag = there;
        break;
      case OpKind::erase:
        reply.flag = map_.erase(operation.key) > 0;
        break;
      case OpKind::assign:
        reply.flag = !there;
        map_[operation.key] = operation.value;
        break;
      case OpKind::extract:
        reply.has_value = there;
        if (there) reply.value = found->second;
        map_.erase(operation.key);
        break;
      case OpKind::replace:
        reply.flag = there;
        if (there) found->second = operation.value;
        break;
      case OpKind::compare_exchange:
        reply.flag = there && found->second == operation.extra;
        if (reply.flag) found->second = operation.value;
        break;
      case OpKind::upsert:
        reply.flag = !there;
        map_[operation.key] += operation.value;
        break;
      case OpKind::get_or_create:
        reply.has_value = true;
        reply.value = map_.emplace(operation.key, operation.value).first->second;
        break;
      case OpKind::size:
        reply.count = map_.size();
        break;
      case OpKind::clear:
      case OpKind::iterate:
      case OpKind::erase_if:
      case OpKind::copy:
        for (unsigned k = 0; k < limits_.keys; ++k) treat(operation, k, reply);
        break;
      case OpKind::find_all:
        for (const std::int64_t k : {operation.key, operation.extra, operation.key}) look_up(k, reply);
        break;
      case OpKind::transact:
      case OpKind::transact_erasing:
        if (!reply.flag) break;
        write(operation, operation.extra);
        write(operation, operation.key);
        break;
      case OpKind::lower_bound:
      case OpKind::upper_bound:
        for (unsigned k = 0; k < limits_.keys; ++k) {
          if (in_range(operation, k)) treat(operation, k, reply);
        }
        break;
      default:
        break;
    }
  }

  bool write_overlaps(std::size_t index) const {
    const std::vector<Call>& calls = h_.history().calls;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (i != index && is_write(calls[i].operation.kind) && calls[i].returned > calls[index].invoked) return true;
    }
    return false;
  }

  void finish(Thread& thread) {
    const std::size_t index = *thread.call;
    const Call& call = h_.history().calls[index];
    const bool overlapped = write_overlaps(index);
    const OpKind kind = call.operation.kind;
    const bool estimate = claims_.size == SizeClaim::none || (claims_.size == SizeClaim::quiescent && overlapped);
    if (kind == OpKind::size && estimate) thread.reply.count = rng_.below(9);
    const bool traversal =
        kind == OpKind::iterate || kind == OpKind::copy || kind == OpKind::erase_if || is_bound(kind);
    if (traversal && !traversal_judged(call, overlapped, claims_)) garble(thread.reply, kind);
    h_.end(index, thread.reply);
    thread.call.reset();
  }

  void garble(Reply& reply, OpKind kind) {
    reply.visits.clear();
    const std::uint32_t visits = rng_.below(4);
    for (std::uint32_t i = 0; i < visits; ++i) {
      reply.visits.push_back({key(), value_of_a_write() + 100, kind == OpKind::erase_if && percent(50)});
    }
  }

  /// The final calls, as the runner makes them.
  void finish() {
    h_.quiesce();
    const bool by_find = percent(50);
    for (unsigned k = 0; k < limits_.keys; ++k) final_call(by_find ? find(k) : contains(k));
    if (!limits_.whole_at_rest) return;
    if (percent(80)) final_call(size());
    if (percent(80)) final_call(iterate());
  }

  void final_call(const Operation& operation) {
    Reply reply;
    perform(operation, reply);
    if (operation.kind == OpKind::size && claims_.size == SizeClaim::none) reply.count = rng_.below(9);
    if (operation.kind == OpKind::iterate && claims_.iteration == Iteration::none) garble(reply, OpKind::iterate);
    h_.call(M, operation, reply);
  }

  Rng rng_;
  const Claims claims_;
  const SimulationLimits limits_;
  HistoryBuilder h_;
  std::map<std::int64_t, std::int64_t> map_;
  std::vector<Thread> threads_;
};

}  // namespace mapquake::histories
