#include "harness/recorded/reenact.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mapquake::recorded {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t executions_at_once = 2'000;
constexpr std::uint32_t bounded_executions_max = 20'000;
constexpr std::uint32_t depth_max = 2;

class Search {
 public:
  Search(Executor& executor, const Log& log, const Contradiction& found, CutOut cut, ReenactResult& result)
      : executor_(executor), log_(log), found_(found), cut_(std::move(cut)), result_(result) {}

  /// One turn: `number` counts from 0, and the first ones are the bounded searches.
  std::optional<Reenactment> turn(std::uint64_t number, const ReenactOptions& options) {
    SearchRequest request;
    request.program = cut_.program;
    request.outcome = Outcome::not_linearizable;
    request.executions_max = executions_at_once;
    if (number < depth_max) {
      request.kind = SearchKind::bounded;
      request.depth = static_cast<std::uint32_t>(number) + 1;
      request.executions_max = bounded_executions_max;
    } else {
      request.kind = number % 2 == 0 ? SearchKind::pct : SearchKind::random_walk;
      request.fault_mask = number / 2 % 2 == 0 ? options.faults : 0;
      request.seed = mix64(options.seed) + number;
    }
    return search(request);
  }

 private:
  std::optional<Reenactment> search(const SearchRequest& request) {
    SearchResult found = executor_.search(request);
    result_.executions += found.executions;
    if (!found.found) return std::nullopt;
    Reenactment candidate{cut_, {cut_.program, found.execution.choices}, {}, 0, 0};
    // What counts is what its replay does.
    candidate.execution = executor_.execute(candidate.failing, false);
    ++result_.executions;
    if (candidate.execution.violation.outcome != Outcome::not_linearizable) return std::nullopt;
    if (contradicts_alike(candidate)) return candidate;
    ++result_.other_failures;
    return std::nullopt;
  }

  /// Do the calls that contradict each other answer as recorded? Counts all answers besides.
  bool contradicts_alike(Reenactment& candidate) const {
    std::size_t alike = 0;
    for (const Call& call : candidate.execution.history.calls) {
      const std::size_t thread = static_cast<std::size_t>(call.thread) - 1;
      if (call.thread == main_thread || thread >= cut_.row_of.size() || call.op >= cut_.row_of[thread].size()) continue;
      const std::uint32_t number = cut_.row_of[thread][call.op];
      if (number == no_row) continue;
      const Row& row = log_.rows[number];
      const bool same = answers_alike(call, row, cut_.answer_of[thread][call.op]);
      const bool tells = row.told != Told::unfinished && row.told != Told::nothing;
      candidate.told += tells ? 1 : 0;
      candidate.equal += tells && same ? 1 : 0;
      if (same && std::ranges::find(found_.rows, number) != found_.rows.end()) ++alike;
    }
    return alike == found_.rows.size();
  }

  Executor& executor_;
  const Log& log_;
  const Contradiction& found_;
  CutOut cut_;
  ReenactResult& result_;
};

}  // namespace

bool answers_alike(const Call& call, const Row& row, std::int64_t answer) {
  if (row.told == Told::unfinished || row.told == Told::nothing || row.told == Told::visits) return true;
  if (call.status != CallStatus::returned) return false;
  if (call.told == abi::Told::nothing) return true;
  switch (row.told) {
    case Told::no:
      return !call.flag;
    case Told::yes:
      return call.flag;
    case Told::absent:
      return !call.has_value;
    case Told::value:
      return call.has_value && call.value == answer;
    case Told::count:
      return call.count == static_cast<std::uint64_t>(answer);
    default:
      return true;
  }
}

ReenactResult reenact(Executor& executor, const Log& log, const Contradiction& found, const ReenactOptions& options) {
  ReenactResult result;
  const auto began = Clock::now();
  const auto is_over = [&] {
    return options.stop() || Clock::now() - began > std::chrono::duration<double>(options.seconds);
  };
  std::vector<Search> searches;
  std::vector<std::uint32_t> searched;
  for (const Breadth breadth : {Breadth::contradiction, Breadth::key, Breadth::all}) {
    CutOut cut = cut_out(log, found, breadth);
    if (cut.rows == searched) continue;  // nothing was beside them
    searched = cut.rows;
    searches.emplace_back(executor, log, found, std::move(cut), result);
  }
  for (std::uint64_t number = 0; !is_over(); ++number) {
    for (Search& search : searches) {
      result.found = search.turn(number, options);
      if (result.found || is_over()) return result;
    }
  }
  return result;
}

}  // namespace mapquake::recorded
