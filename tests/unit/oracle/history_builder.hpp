// Histories written down as they happen, event by event.
//
//   HistoryBuilder h;
//   h.prefill(1, 10);
//   const auto a = h.begin(A, insert(5, 50));   // A's call starts …
//   h.call(B, find(5), absent());               // … B's runs within it …
//   h.end(a, yes());                            // … and A's returns
//   h.quiesce().call(M, find(5), value(50));
#pragma once

#include "harness/base/assert.hpp"
#include "harness/history/history.hpp"

#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace mapquake::histories {

inline constexpr ThreadId M = 0, A = 1, B = 2, C = 3, D = 4;

inline Operation insert(std::int64_t k, std::int64_t v) {
  return {OpKind::insert, k, v};
}
inline Operation find(std::int64_t k) {
  return {OpKind::find, k, 0};
}
inline Operation contains(std::int64_t k) {
  return {OpKind::contains, k, 0};
}
inline Operation erase(std::int64_t k) {
  return {OpKind::erase, k, 0};
}
inline Operation assign(std::int64_t k, std::int64_t v) {
  return {OpKind::assign, k, v};
}
inline Operation update(std::int64_t k, std::int64_t d) {
  return {OpKind::update, k, d};
}
inline Operation get_or_create(std::int64_t k, std::int64_t v) {
  return {OpKind::get_or_create, k, v};
}
inline Operation size() {
  return {OpKind::size, 0, 0};
}
inline Operation clear() {
  return {OpKind::clear, 0, 0};
}
inline Operation reserve(std::int64_t n) {
  return {OpKind::reserve, n, 0};
}
inline Operation iterate() {
  return {OpKind::iterate, 0, 0};
}
inline Operation erase_even() {
  return {OpKind::erase_if, 0, 0};
}
inline Operation copy() {
  return {OpKind::copy, 0, 0};
}

inline Operation extract(std::int64_t k) {
  return {OpKind::extract, k, 0};
}
inline Operation replace(std::int64_t k, std::int64_t v) {
  return {OpKind::replace, k, v};
}
inline Operation compare_exchange(std::int64_t k, std::int64_t expected, std::int64_t desired) {
  return {OpKind::compare_exchange, k, desired, expected};
}
inline Operation upsert(std::int64_t k, std::int64_t d) {
  return {OpKind::upsert, k, d};
}
inline Operation insert_range(std::int64_t k, std::int64_t other, std::int64_t v) {
  return {OpKind::insert_range, k, v, other};
}
inline Operation merge(std::int64_t k, std::int64_t other, std::int64_t v) {
  return {OpKind::merge, k, v, other};
}
inline Operation find_all(std::int64_t k, std::int64_t other) {
  return {OpKind::find_all, k, 0, other};
}
inline Operation transact(std::int64_t k, std::int64_t other, std::int64_t v) {
  return {OpKind::transact, k, v, other};
}
inline Operation transact_erasing(std::int64_t k, std::int64_t other, std::int64_t v) {
  return {OpKind::transact_erasing, k, v, other};
}
inline Operation cursor_open() {
  return {OpKind::cursor_open, 0, 0};
}
inline Operation cursor_step(std::int64_t entries) {
  return {OpKind::cursor_step, entries, 0};
}
inline Operation cursor_close() {
  return {OpKind::cursor_close, 0, 0};
}
inline Operation swap() {
  return {OpKind::swap, 0, 0};
}
inline Operation iterate_inserting(std::int64_t k, std::int64_t v) {
  return {OpKind::iterate_inserting, k, v};
}
inline Operation iterate_erasing(std::int64_t k) {
  return {OpKind::iterate_erasing, k, 0};
}
inline Operation lower_bound(std::int64_t k) {
  return {OpKind::lower_bound, k, 0};
}
inline Operation upper_bound(std::int64_t k) {
  return {OpKind::upper_bound, k, 0};
}

struct Reply {
  CallStatus status = CallStatus::returned;
  bool flag = false;
  bool has_value = false;
  std::int64_t value = 0;
  std::uint64_t count = 0;
  std::vector<Visit> visits = {};
  abi::Told told = abi::Told::as_usual;
};

inline Reply done() {
  return {};
}
inline Reply yes() {
  return {.flag = true};
}
inline Reply no() {
  return {};
}
inline Reply absent() {
  return {};
}
inline Reply value(std::int64_t v) {
  return {.has_value = true, .value = v};
}
/// insert, erase or assign that says nothing, or what was there (old(), none()).
inline Reply silent() {
  return {.told = abi::Told::nothing};
}
inline Reply old(std::int64_t v) {
  return {.flag = true, .has_value = true, .value = v, .told = abi::Told::old_value};
}
inline Reply none() {
  return {.told = abi::Told::old_value};
}
inline Reply count(std::uint64_t n) {
  return {.count = n};
}
inline Reply ended(CallStatus status) {
  return {.status = status};
}
inline Reply visits(std::initializer_list<std::pair<std::int64_t, std::int64_t>> entries) {
  Reply reply;
  for (const auto& [k, v] : entries) reply.visits.push_back({k, v, false});
  return reply;
}
/// find_all: `there` has a bit for each of its three keys that was found, the first one's lowest.
inline Reply found(std::uint64_t there, std::initializer_list<std::pair<std::int64_t, std::int64_t>> entries) {
  Reply reply = visits(entries);
  reply.count = there;
  return reply;
}
/// A step of a cursor, which has come to its end or not.
inline Reply stepped(bool ended, std::initializer_list<std::pair<std::int64_t, std::int64_t>> entries) {
  Reply reply = visits(entries);
  reply.count = 1;
  reply.flag = ended;
  return reply;
}
/// A traversal whose visitor made its call, which answered `answer`.
inline Reply visits_and(bool answer, std::initializer_list<std::pair<std::int64_t, std::int64_t>> entries) {
  Reply reply = visits(entries);
  reply.count = 1;
  reply.flag = answer;
  return reply;
}
inline Reply erased(std::initializer_list<std::pair<std::int64_t, std::int64_t>> entries) {
  Reply reply;
  for (const auto& [k, v] : entries) reply.visits.push_back({k, v, true});
  reply.count = reply.visits.size();
  return reply;
}

class HistoryBuilder {
 public:
  /// Index of the call, for end().
  std::size_t begin(ThreadId thread, Operation operation) {
    if (op_counts_.size() <= thread) op_counts_.resize(thread + 1U);
    Call call;
    call.thread = thread;
    call.op = op_counts_[thread]++;
    call.operation = operation;
    call.invoked = ++clock_;
    history_.calls.push_back(call);
    if (!quiescent_) ++history_.quiescent_from;
    return history_.calls.size() - 1;
  }

  HistoryBuilder& end(std::size_t index, const Reply& reply) {
    Call& call = history_.calls.at(index);
    MQ_ASSERT(call.status == CallStatus::pending);
    call.returned = ++clock_;
    call.status = reply.status;
    call.told = reply.told;
    call.flag = reply.flag;
    call.has_value = reply.has_value;
    call.value = reply.value;
    call.count = reply.count;
    call.visits_begin = static_cast<std::uint32_t>(history_.visits.size());
    history_.visits.insert(history_.visits.end(), reply.visits.begin(), reply.visits.end());
    call.visits_end = static_cast<std::uint32_t>(history_.visits.size());
    return *this;
  }

  HistoryBuilder& call(ThreadId thread, Operation operation, const Reply& reply) {
    return end(begin(thread, operation), reply);
  }

  HistoryBuilder& prefill(std::int64_t key, std::int64_t value) { return call(M, insert(key, value), yes()); }

  /// A hook of the map that begins here and ends behind the next calls, as many as `calls`.
  HistoryBuilder& hook_beside(std::uint32_t calls) {
    ++clock_;
    history_.hooks.push_back({.invoked = clock_, .returned = clock_ + 2 * calls});
    return *this;
  }

  /// From here on the calls are the final ones.
  HistoryBuilder& quiesce() {
    quiescent_ = true;
    return *this;
  }

  const History& history() const { return history_; }

 private:
  History history_;
  std::vector<std::uint16_t> op_counts_;
  std::uint32_t clock_ = 0;
  bool quiescent_ = false;
};

}  // namespace mapquake::histories
