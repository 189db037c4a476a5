#include "tests/quality/operation_facts.hpp"

#include "harness/history/phrases.hpp"
#include "harness/oracle/copies.hpp"
#include "harness/oracle/expiry.hpp"
#include "harness/oracle/iteration.hpp"
#include "harness/oracle/quiescence.hpp"
#include "harness/oracle/size_bounds.hpp"
#include "harness/oracle/whole_map.hpp"
#include "harness/shrink/candidates.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace mapquake::quality {
namespace {

using namespace histories;

constexpr std::int64_t key = 5, value_there = 50, other_key = 6;

/// Names, one after the other.
class List {
 public:
  void add(bool is_in, std::string_view name) {
    if (!is_in) return;
    text_ += text_.empty() ? "" : ", ";
    text_ += name;
  }
  std::string text() const { return text_.empty() ? "—" : text_; }

 private:
  std::string text_;
};

OpMask drawn_by(const Scenario& scenario) {
  constexpr std::uint64_t programs = 4000;  // long runs are one in 32
  const Claims& claims = strong_claims();
  const OpMask operations = scenario.applies(map_operations) ? map_operations : op_bit(OpKind::run);
  OpMask drawn = 0;
  for (std::uint64_t seed = 0; seed < programs; ++seed) {
    const int size = 1 + static_cast<int>(seed % 100);
    const Program program = scenario.generate(seed, size, claims, operations, {.ttl_ms = 10});
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) drawn |= op_bit(operation.kind);
    }
  }
  return drawn;
}

std::string scenarios_of(OpKind kind) {
  static const auto drawn = [] {
    std::vector<std::pair<const Scenario*, OpMask>> of_each;
    for (const Scenario* scenario : all_scenarios()) of_each.emplace_back(scenario, drawn_by(*scenario));
    return of_each;
  }();
  constexpr std::size_t few = 4;
  List drawing, others;
  std::size_t count = 0;
  for (const auto& [scenario, operations] : drawn) {
    const bool draws = (operations & op_bit(kind)) != 0;
    drawing.add(draws, scenario->name());
    const bool is_other = !draws && scenario->applies(map_operations);
    others.add(is_other, scenario->name());
    count += is_other;
  }
  if (kind == OpKind::run || count > few) return drawing.text();
  return count == 0 ? "all of maps" : "all of maps but " + others.text();
}

/// With those arguments that it takes.
Operation operation_of(OpKind kind, std::int64_t first, std::int64_t second, std::int64_t written) {
  const Takes takes = traits_of(kind).takes;
  Operation operation{kind, 0, 0};
  if (takes != Takes::nothing) operation.key = first;
  if (takes == Takes::key_value_extra || names_other_key(kind)) operation.extra = second;
  if (writes_value(kind) || adds_amount(kind)) operation.value = written;
  return operation;
}
Operation sample(OpKind kind) {
  return operation_of(kind, key, other_key, value_there + 1);
}

/// One call on a map of one entry, which answers `reply`.
struct Asked {
  HistoryBuilder builder;
  Overlaps overlaps;
  KeyHistories keys;
  std::uint32_t call = 1;

  Asked(OpKind kind, const Reply& reply, bool at_rest = false) {
    builder.prefill(key, value_there);
    if (at_rest) builder.quiesce().call(M, find(key), value(value_there));
    call = static_cast<std::uint32_t>(history().calls.size());
    builder.call(at_rest ? M : A, sample(kind), reply);
    overlaps.build(history());
    keys.build(history(), strong_claims(), overlaps);
  }
  const History& history() const { return builder.history(); }
};

/// It reports the entry twice, and a number that is wrong whatever it counts: who looks at either, objects.
const Reply& lie() {
  static const Reply lie = [] {
    Reply reply = erased({{key, value_there}, {key, value_there}});
    reply.flag = reply.has_value = true;
    reply.value = value_there;
    reply.count = 7;
    return reply;
  }();
  return lie;
}

bool judged_by_key(OpKind kind) {
  const Asked asked(kind, lie());
  return std::ranges::any_of(asked.keys.ops(), [&](const KeyOp& op) { return op.call == asked.call; });
}

/// An entry that has been there for three times as long as it lives.
bool judged_by_expiry(OpKind kind) {
  constexpr std::uint64_t ms = 1'000'000;
  const Asked asked(kind, lie());
  History history = asked.history();
  history.times = {{.began_ns = 0, .ended_ns = 10}, {.began_ns = 30 * ms, .ended_ns = 30 * ms + 10}};
  Claims claims = weak_claims();
  claims.retention = Retention::expires_written;
  claims.ttl_ms = 10;
  return check_expiry(history, claims, asked.keys).has_value();
}

std::string oracles_of(OpKind kind) {
  const Claims strong = strong_claims();
  const Asked asked(kind, lie());
  const Asked at_rest(kind, count(7), true);
  LinearizabilityChecker checker;
  List list;
  list.add(judged_by_key(kind), "linearizability");
  list.add(judged_by_expiry(kind), "expiry");
  list.add(IterationOracle().check(asked.history(), strong, asked.keys, asked.overlaps).has_value(), "iteration");
  list.add(QuiescenceOracle().check(at_rest.history(), strong, at_rest.keys).has_value(), "quiescence");
  list.add(check_copies(asked.history(), strong).has_value(), "copies");
  list.add(is_whole(asked.history(), asked.call, strong, asked.overlaps), "whole_map");
  list.add(SizeBounds().check(asked.history(), 2, asked.keys, asked.overlaps, checker).has_value(), "size_bounds");
  return list.text();
}

/// Has the shrinker a program in which `differs` is true of the first operation?
template <class Differs>
bool changes(const std::vector<Program>& candidates, Differs differs) {
  return std::ranges::any_of(candidates, [&](const Program& candidate) { return differs(candidate.threads[0][0]); });
}

std::string made_smaller(OpKind kind) {
  const Operation operation = operation_of(kind, 17, 19, 177);
  Program program;
  program.threads = {{operation, {OpKind::find, 18, 0}}, {{OpKind::assign, 17, 19}}};
  const auto other_argument = [&](const Operation& o) { return o.key != operation.key; };
  const auto other_second_key = [&](const Operation& o) { return names_other_key(kind) && o.extra != operation.extra; };
  const auto other_value = [&](const Operation& o) { return o.value != operation.value; };
  const auto expected = [&](const Operation& o) { return !names_other_key(kind) && o.extra != operation.extra; };
  const std::vector<Program> keys = with_smaller_keys(program);
  const std::vector<Program> values = with_plain_values(program);
  List list;
  list.add(!with_insert_hoisted(program).empty() && with_insert_hoisted(program)[0].threads[0].size() == 1, "prefill");
  const Takes takes = traits_of(kind).takes;
  list.add(changes(keys, other_argument), takes == Takes::number   ? "number"
                                          : takes == Takes::parity ? "parity"
                                                                   : "key");
  list.add(changes(keys, other_second_key), "second key");
  list.add(changes(values, other_value), adds_amount(kind) ? "amount" : "value");
  list.add(changes(values, expected), "expected value");
  return list.text();
}

Reply reply_of(OpKind kind) {
  if (calls_within(kind)) return visits_and(true, {{key, value_there}});
  if (kind == OpKind::cursor_step) return found(1, {{key, value_there}});
  switch (traits_of(kind).answers) {
    case Answers::flag:
      return yes();
    case Answers::value:
      return value(value_there);
    case Answers::count:
      return count(1);
    case Answers::visits:
      return visits({{key, value_there}});
    case Answers::erased:
      return erased({{key, value_there}});
    case Answers::found:
      return found(0b101, {{key, value_there}, {key, value_there}});
    case Answers::nothing:
      break;
  }
  return done();
}

std::string told_of(OpKind kind) {
  const Asked asked(kind, reply_of(kind));
  return "`" + to_string(sample(kind)) + "` " + predicate(asked.history(), asked.call);
}

}  // namespace

OperationFacts facts_of(OpKind kind) {
  return {scenarios_of(kind), oracles_of(kind), made_smaller(kind), told_of(kind)};
}

}  // namespace mapquake::quality
