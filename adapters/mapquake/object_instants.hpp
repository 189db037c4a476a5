// Objects of which several calls take effect at the very same instant: exchangers, immediate snapshots, batched
// counters. Set-linearizability (Neiger 1994; Castañeda, Rajsbaum and Raynal, JACM 2018): instants follow each other,
// and the calls of one have all overlapped. Such a model says by `bool settled() const` where an instant may end: calls
// that are placed while it says false belong to the instant that has begun.
#pragma once

#include <concepts>
#include <string_view>

namespace mapquake::detail {

template <class Model>
concept GathersInstants = requires(const Model& model) {
  { model.settled() } -> std::same_as<bool>;
};

/// Was it meant to?
template <class Model>
concept NamesSettled = requires(Model& model) {
  model.settled();
};

/// Is one of the object's functions called as the model's function that ends an instant?
template <class Methods>
consteval bool names_settled(const Methods& methods) {
  for (const auto& method : methods) {
    if (std::string_view(method.name) == "settled") return true;
  }
  return false;
}

/// How far an order of calls, one bit each, has come: one instant for each. Not initialised by itself, as there are
/// thousands that are never looked at.
template <class Model, class Bits>
struct Reached {
  Bits placed;
  /// Those whose instant has ended: who is placed next may have begun after their end.
  Bits over() const { return placed; }
  bool settled() const { return true; }
  /// One call more, which left the model as `then`.
  Reached with(Bits call, const Model&) const { return {placed | call}; }
  Reached without_effect(Bits call) const { return {placed | call}; }
  friend bool operator==(const Reached&, const Reached&) = default;
};

/// An order of instants. Real time is kept between them; that the calls of one overlap follows, as each is placed only
/// where all that returned before it began are in instants before.
template <GathersInstants Model, class Bits>
struct Reached<Model, Bits> {
  Bits placed;
  Bits ended;
  Bits over() const { return ended; }
  bool settled() const { return placed == ended; }
  Reached with(Bits call, const Model& then) const {
    const Bits all = placed | call;
    return {all, then.settled() ? all : ended};
  }
  /// Requires settled(): what has done nothing is in no instant, and has its place between two.
  Reached without_effect(Bits call) const { return {placed | call, placed | call}; }
  friend bool operator==(const Reached&, const Reached&) = default;
};

}  // namespace mapquake::detail
