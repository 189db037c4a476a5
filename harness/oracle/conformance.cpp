#include "harness/oracle/conformance.hpp"

#include <array>

namespace mapquake {
namespace {

/// A claim that promises less. `stated` is how an adapter writes it.
struct Weaker {
  const char* stated;
  void (*apply)(Claims& claims);
};

// The ones that give up least come first.
constexpr std::array weaker_claims{
    Weaker{".size = SizeClaim::none", [](Claims& c) { c.size = SizeClaim::none; }},
    Weaker{".iteration = Iteration::none", [](Claims& c) { c.iteration = Iteration::none; }},
    Weaker{".retention = Retention::evicts", [](Claims& c) { c.retention = Retention::evicts; }},
    Weaker{".linearizable = false, .may_miss = Missed::others_writes",
           [](Claims& c) {
             c.linearizable = false;
             c.may_miss = Missed::others_writes;
           }},
    Weaker{".linearizable = false",
           [](Claims& c) {
             c.linearizable = false;
             c.may_miss = Missed::any_writes;
           }},
    Weaker{".linearizable = false, .retention = Retention::evicts",
           [](Claims& c) {
             c.linearizable = false;
             c.retention = Retention::evicts;
           }},
    Weaker{".capacity = 0", [](Claims& c) { c.capacity = 0; }},
};

}  // namespace

std::string conformance_advice(const Program& program, const History& history, const Claims& claims,
                               HistoryOracles& oracles) {
  std::string advice = " One thread alone shows this, so the map, its adapter or a claim is wrong";
  for (const Weaker& weaker : weaker_claims) {
    Claims other = claims;
    weaker.apply(other);
    if (oracles.check(program, history, other)) continue;
    return advice + ": it would be right under " + weaker.stated + ", if the documentation says so.";
  }
  return advice + "; no weaker claim makes it right.";
}

}  // namespace mapquake
