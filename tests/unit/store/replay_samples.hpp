// Replay files for tests: a small written-out one, and arbitrary ones from rapidcheck.
#pragma once

#include "harness/store/replay_file.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>

namespace mapquake::samples {

/// The failure of UX.md: two threads, one preemption.
inline ReplayFile lost_key() {
  ReplayFile file;
  file.map = "my_map";
  file.scenario = "rehash-pressure";
  file.outcome = Outcome::not_linearizable;
  file.label = "lost key";
  file.why = "B's insert(5, 50) returned true and nothing erased 5, so it must be there; it is not.";
  file.signature = "91c2a7e05d1b3f48";
  file.trace_hash = 0x0123456789abcdef;
  file.build = "00c0ffee00c0ffee";
  file.seed = 42;
  file.executions_to_failure = 2114;
  file.shrink_seconds = 0.4;
  file.shrink_runs = 311;
  file.minimality = Minimality::irreducible;
  file.removals_checked = 11;
  file.program.prefill = {{1, 10}, {2, 20}, {3, 30}};
  file.program.threads = {{{OpKind::insert, 4, 40}}, {{OpKind::insert, 5, 50}}};
  file.choices = {{.thread = 1, .op = 0, .event = "load", .place = "my_map.hpp:88", .nth = 1, .step = 7, .take = 2}};
  return file;
}

inline bool same(const ScenarioOptions& a, const ScenarioOptions& b) {
  return a.threads == b.threads && a.operations == b.operations && a.keys == b.keys && a.prefill == b.prefill &&
         a.write_percent == b.write_percent && a.hash_given == b.hash_given && a.hash == b.hash;
}

inline bool same(const ReplayFile& a, const ReplayFile& b) {
  return a.map == b.map && a.plugin == b.plugin && a.scenario == b.scenario && a.outcome == b.outcome &&
         a.label == b.label && a.signature == b.signature && a.trace_hash == b.trace_hash && a.build == b.build &&
         a.seed == b.seed && a.executions_to_failure == b.executions_to_failure &&
         a.shrink_seconds == b.shrink_seconds && a.shrink_runs == b.shrink_runs && a.minimality == b.minimality &&
         a.removals_checked == b.removals_checked && a.why == b.why && a.program == b.program &&
         a.choices == b.choices && same(a.options, b.options) && a.left_out == b.left_out;
}

/// Clean text with quotes, backslashes, what looks like TOML, and characters of one to four bytes.
inline rc::Gen<std::string> text(bool line_breaks) {
  static const std::vector<std::string> pieces = {"a",   "Z",  "7", " ",      "\"",       "'",        "\\", "\\u0041",
                                                  "#",   "]]", "=", "[end]",  "é",        "→",        "😀",  "\xC2\xA0",
                                                  "\\n", "{",  "}", "\"\"\"", "<script>", "checksum", "\n", "\t"};
  const auto count = static_cast<int>(pieces.size()) - (line_breaks ? 0 : 2);
  return rc::gen::map(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, count)), [](std::vector<int> indexes) {
    std::string out;
    for (const int index : indexes) {
      if (out.size() + 8 < replay_name_bytes_max) out += pieces[static_cast<std::size_t>(index)];
    }
    return out;
  });
}

inline rc::Gen<std::int64_t> number() {
  return rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange<std::int64_t>(-9, 100),
                        rc::gen::element<std::int64_t>(INT64_MIN, INT64_MAX, -1, 0));
}
inline rc::Gen<std::uint64_t> natural() {
  return rc::gen::oneOf(rc::gen::arbitrary<std::uint64_t>(), rc::gen::inRange<std::uint64_t>(0, 100),
                        rc::gen::element<std::uint64_t>(UINT64_MAX, std::uint64_t{1} << 63));
}

inline Operation any_operation() {
  Operation operation;
  operation.kind = static_cast<OpKind>(*rc::gen::inRange(0u, op_kind_count));
  const Takes takes = traits_of(operation.kind).takes;
  if (takes != Takes::nothing) operation.key = *number();
  if (takes == Takes::number) operation.key = *rc::gen::inRange<std::int64_t>(0, INT64_MAX);
  if (writes_value(operation.kind) || adds_amount(operation.kind)) operation.value = *number();
  if (takes == Takes::key_value_extra || names_other_key(operation.kind)) operation.extra = *number();
  return operation;
}

inline StoredChoice any_choice(const Program& program) {
  const auto threads = static_cast<ThreadId>(program.threads.size());
  const auto any_thread = [&] {
    return *rc::gen::oneOf(rc::gen::inRange<ThreadId>(0, static_cast<ThreadId>(threads + 1)),
                           rc::gen::inRange<ThreadId>(0, replay_thread_max + 1));
  };
  StoredChoice choice;
  choice.thread = any_thread();
  const bool bounded = choice.thread != main_thread && choice.thread <= threads;
  const std::size_t ops = bounded ? program.threads[choice.thread - 1u].size() : 65535;
  choice.op = static_cast<std::uint16_t>(*rc::gen::inRange<std::size_t>(0, ops + 1));
  choice.event = *rc::gen::element<std::string>("load", "lock", "begin", "user_code", "?");
  const std::string place = *text(false);
  choice.place = place.empty() ? "?" : place;
  choice.nth = *rc::gen::inRange(1u, UINT32_MAX);
  choice.step = *rc::gen::element(0u, 1u, 77u, UINT32_MAX);
  choice.kind = static_cast<ChoiceKind>(*rc::gen::inRange(0u, choice_kind_count));
  choice.take = choice.kind == ChoiceKind::schedule ? any_thread() : *rc::gen::element(1u, 2u, UINT32_MAX);
  return choice;
}

inline Program any_program() {
  Program program;
  program.hash =
      *rc::gen::element(abi::HashMode::good, abi::HashMode::constant, abi::HashMode::few, abi::HashMode::identity);
  program.construct_from_range = *rc::gen::arbitrary<bool>();
  program.capacity_hint = *natural();
  program.capacity = *natural();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    Budget budget{.statistic = static_cast<Statistic>(*rc::gen::inRange(0u, statistic_count)), .limit = *natural()};
    budget.figure = static_cast<Figure>(*rc::gen::inRange(0u, figure_count - 1));
    if (*rc::gen::arbitrary<bool>()) budget.operation = static_cast<OpKind>(*rc::gen::inRange(0u, op_kind_count));
    program.budgets.push_back(budget);
  }
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) program.prefill.push_back({*number(), *number()});
  for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
    program.threads.emplace_back();
    for (int j = *rc::gen::inRange(0, 8); j > 0; --j) program.threads.back().push_back(any_operation());
  }
  return program;
}

/// Any failure that mapquake could have to store.
inline ReplayFile any_failure() {
  ReplayFile file;
  file.map = "m" + *text(false);
  file.plugin = *text(false);
  file.scenario = *text(false);
  file.outcome = static_cast<Outcome>(*rc::gen::inRange(1u, outcome_count));
  file.label = *text(false);
  file.why = *text(true);
  file.signature = *rc::gen::element<std::string>("", "0000000000000000", "91c2a7e05d1b3f48");
  file.trace_hash = *natural();
  file.build = *text(false);
  file.seed = *natural();
  file.executions_to_failure = *natural();
  file.shrink_seconds = std::abs(*rc::gen::arbitrary<double>());
  file.shrink_runs = *natural();
  file.minimality = *rc::gen::element(Minimality::best_so_far, Minimality::irreducible, Minimality::proven);
  file.removals_checked = *natural();
  file.program = any_program();
  for (int i = *rc::gen::inRange(0, 12); i > 0; --i) file.choices.push_back(any_choice(file.program));
  const bool stale = std::ranges::count(file.choices, ChoiceKind::stale_read, &StoredChoice::kind) != 0;
  if (stale || *rc::gen::arbitrary<bool>()) file.memory_model = MemoryModel::c11;
  file.options.threads = *rc::gen::inRange(0u, 100u);
  file.options.write_percent = *rc::gen::inRange(0u, 101u);
  file.options.hash_given = *rc::gen::arbitrary<bool>();
  if (file.options.hash_given) file.options.hash = abi::HashMode::few;
  return file;
}

}  // namespace mapquake::samples
