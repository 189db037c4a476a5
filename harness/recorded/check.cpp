#include "harness/recorded/check.hpp"

#include "harness/oracle/linearizability.hpp"
#include "harness/oracle/oracles.hpp"
#include "harness/oracle/prefix.hpp"

#include <algorithm>
#include <numeric>

namespace mapquake::recorded {
namespace {

class Check {
 public:
  Check(const Log& log, const CheckOptions& options) : log_(log), options_(options), rows_(log) {}

  CheckReport run() {
    report_.keys = log_.keys.size();
    report_.unfinished = static_cast<std::uint64_t>(std::ranges::count(log_.rows, Told::unfinished, &Row::told));
    for (std::uint32_t key = 0; key < log_.keys.size(); ++key) check_key(key);
    check_whole_map();
    std::ranges::stable_sort(report_.contradictions, {}, [this](const Contradiction& c) { return end_of(c.culprit); });
    if (report_.contradictions.size() > options_.kept_max) report_.contradictions.resize(options_.kept_max);
    return std::move(report_);
  }

 private:
  std::int64_t end_of(std::uint32_t row) const { return log_.rows[row].end; }

  void check_key(std::uint32_t key) {
    timeline_.build(log_, rows_, key, options_.claims);
    const KeyVerdict verdict = checker_.check(timeline_.ops(), options_.initially);
    if (verdict.verdict == Verdict::illegal) add_contradiction(key, verdict.culprit);
    if (verdict.verdict == Verdict::undecided) search(key, verdict.culprit);
  }

  /// Of many contradictory keys, those that came first are told.
  void add_contradiction(std::uint32_t key, std::uint32_t culprit) {
    ++report_.contradictory_keys;
    constexpr std::size_t slack = 4;
    if (report_.contradictions.size() >= slack * options_.kept_max) {
      const auto latest = std::ranges::max_element(report_.contradictions, {},
                                                   [this](const Contradiction& c) { return end_of(c.culprit); });
      if (end_of(latest->culprit) <= end_of(row_of(culprit))) return;
      report_.contradictions.erase(latest);
    }
    const Evidence evidence = evidence_of(timeline_.ops(), culprit, options_.initially, checker_);
    Contradiction found{
        .key = key, .culprit = row_of(culprit), .before = evidence.before, .left_out = evidence.left_out};
    for (const std::uint32_t op : evidence.ops) found.rows.push_back(row_of(op));
    if (evidence.before_op) found.before_row = row_of(*evidence.before_op);
    // A clear() may stand for more than one call on the key.
    found.rows.erase(std::unique(found.rows.begin(), found.rows.end()), found.rows.end());
    report_.contradictions.push_back(std::move(found));
  }

  std::uint32_t row_of(std::uint32_t op) const { return timeline_.row_of(timeline_.ops()[op]); }

  /// What is too wide for one pass may be found by trying.
  void search(std::uint32_t key, std::uint32_t where) {
    const bool bound_to_begin_empty = options_.initially == Initially::empty;
    Verdict verdict = Verdict::undecided;
    if (bound_to_begin_empty) verdict = backtracking_.check(timeline_.ops());
    if (verdict == Verdict::legal) return;
    if (verdict == Verdict::illegal) return add_bare_contradiction(key);
    ++report_.undecided_keys;
    if (report_.undecided.size() >= options_.kept_max) return;
    const KeyOp& op = timeline_.ops()[where];
    const auto open = std::ranges::count_if(timeline_.ops(), [&](const KeyOp& other) {
      return other.invoked <= op.invoked && other.returned > op.invoked;
    });
    const bool wide = static_cast<std::size_t>(open) > JustInTime::open_max;
    report_.undecided.push_back(
        {wide ? Undecided::Reason::too_many_open : Undecided::Reason::too_many_orders, key, row_of(where)});
  }

  void add_bare_contradiction(std::uint32_t key) {
    ++report_.contradictory_keys;
    std::vector<std::uint32_t> times;
    for (const KeyOp& op : timeline_.ops()) {
      if (!op.pending()) times.push_back(op.returned);
    }
    std::ranges::sort(times);
    const auto prefix = [&](std::uint32_t now) {
      std::vector<KeyOp> ops;
      for (KeyOp op : timeline_.ops()) {
        if (as_of(op, now)) ops.push_back(op);
      }
      return ops;
    };
    const std::uint32_t when =
        first_illegal(times, [&](std::uint32_t now) { return backtracking_.check(prefix(now)) == Verdict::illegal; });
    const auto culprit = std::ranges::find(timeline_.ops(), when, &KeyOp::returned);
    const std::uint32_t row = timeline_.row_of(*culprit);
    report_.contradictions.push_back(
        {.key = key, .rows = {row}, .culprit = row, .left_out = static_cast<std::uint32_t>(prefix(when).size() - 1)});
  }

  bool claimed(const Row& row) const {
    const Claims& claims = options_.claims;
    return row.kind == OpKind::size ? claims.size != SizeClaim::none : claims.iteration != Iteration::none;
  }

  /// Sizes and traversals need all keys at once; and so does clear() under WholeMap::linearizable.
  void check_whole_map() {
    std::optional<std::uint32_t> first;
    for (const std::uint32_t row : rows_.whole_map()) {
      if (!claimed(log_.rows[row])) ++report_.unclaimed;
      if (claimed(log_.rows[row]) && !first) first = row;
    }
    if (!first && options_.claims.whole_map == WholeMap::linearizable && !rows_.clears().empty()) {
      first = rows_.clears().front();
    }
    if (!first || !report_.contradictions.empty()) return;
    constexpr std::size_t calls_max = 200'000;
    constexpr std::size_t work_max = 400'000'000;
    if (options_.initially == Initially::unknown) return undecided(Undecided::Reason::unknown_beginning, *first);
    if (log_.rows.size() > calls_max || rows_.whole_map().size() * log_.rows.size() > work_max) {
      return undecided(Undecided::Reason::whole_map_large, *first);
    }
    std::vector<std::uint32_t> all(log_.rows.size());
    std::iota(all.begin(), all.end(), 0U);
    RankedHistory ranked;
    ranked.build(log_, all);
    HistoryOracles oracles;
    if (const auto violation = oracles.check(Program{}, ranked.history(), options_.claims)) {
      Contradiction found{.label = violation->label};
      for (const std::uint32_t call : violation->calls) found.rows.push_back(ranked.row_of(call));
      found.culprit = *std::ranges::max_element(found.rows, {}, [this](std::uint32_t row) { return end_of(row); });
      report_.contradictions.push_back(std::move(found));
    } else if (oracles.undecided() > 0) {
      undecided(Undecided::Reason::whole_map_bound, *first);
    }
  }

  void undecided(Undecided::Reason reason, std::uint32_t row) {
    report_.undecided.push_back({reason, std::nullopt, row});
  }

  const Log& log_;
  const CheckOptions& options_;
  KeyRows rows_;
  KeyTimeline timeline_;
  JustInTime checker_;
  LinearizabilityChecker backtracking_;
  CheckReport report_;
};

}  // namespace

CheckReport check(const Log& log, const CheckOptions& options) {
  return Check(log, options).run();
}

}  // namespace mapquake::recorded
