// `mapquake check LOG`: is the recorded history possible?
#include "harness/recorded/check.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/recorded_log.hpp"
#include "harness/recorded/words.hpp"
#include "reports/json_text.hpp"
#include "reports/layout.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

namespace mapquake::cli {
namespace {

using namespace recorded;
using nlohmann::ordered_json;

std::string_view word_for_verdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::legal:
      return "linearizable";
    case Verdict::illegal:
      return "contradiction";
    case Verdict::undecided:
      return "undecided";
  }
  return "";
}

ExitCode exit_code_of_verdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::legal:
      return ExitCode::clean;
    case Verdict::illegal:
      return ExitCode::failure_found;
    case Verdict::undecided:
      return ExitCode::unknown_only;
  }
  return ExitCode::harness_bug;
}

/// The rows as the reports' steps: threads become A, B, … in the order of their first call.
class Columns {
 public:
  Columns(const Log& log, const std::vector<std::uint32_t>& rows) : log_(log) {
    struct Moment {
      std::int64_t time;
      bool is_end;
      std::uint32_t row;
    };
    std::vector<Moment> moments;
    for (const std::uint32_t row : rows) {
      moments.push_back({log.rows[row].start, false, row});
      if (log.rows[row].told != Told::unfinished) moments.push_back({log.rows[row].end, true, row});
    }
    std::ranges::stable_sort(moments, [](const Moment& a, const Moment& b) {
      return a.time != b.time ? a.time < b.time : !a.is_end && b.is_end;
    });
    for (std::size_t i = 0; i < moments.size(); ++i) {
      const Moment& moment = moments[i];
      const bool whole = !moment.is_end && i + 1 < moments.size() && moments[i + 1].row == moment.row;
      if (whole) {
        add(moment.row, reports::StepKind::whole, call_text(moment.row) + ": " + answer(moment.row));
        ++i;
      } else if (moment.is_end) {
        add(moment.row, reports::StepKind::end, answer(moment.row));
      } else {
        add(moment.row, reports::StepKind::begin, call_text(moment.row));
      }
    }
  }

  std::string text(std::size_t width) const { return reports::layout(steps_, width); }
  std::string legend() const {
    std::string text;
    for (const std::uint32_t thread : order_) {
      text += fmt::format("{}thread {} is {}", text.empty() ? "     " : ", ", thread_name(numbers_.at(thread)),
                          log_.printable_thread(thread));
    }
    return text + '\n';
  }

 private:
  std::string call_text(std::uint32_t row) const {
    return fmt::format("{}  [{}]", operation_text(log_, log_.rows[row]), place_of(log_, row));
  }
  std::string answer(std::uint32_t row) const { return answer_text(log_, log_.rows[row]); }

  void add(std::uint32_t row, reports::StepKind kind, std::string text) {
    const std::uint32_t thread = log_.rows[row].thread;
    const auto [at, fresh] = numbers_.try_emplace(thread, static_cast<ThreadId>(numbers_.size() + 1));
    if (fresh) order_.push_back(thread);
    reports::Step step;
    step.thread = at->second;
    step.kind = kind;
    step.text = std::move(text);
    steps_.push_back(std::move(step));
  }

  const Log& log_;
  std::vector<reports::Step> steps_;
  std::map<std::uint32_t, ThreadId> numbers_;
  std::vector<std::uint32_t> order_;
};

std::string text_of(const Log& log, const Contradiction& found, std::size_t width) {
  std::string text = reports::wrapped("✗ ", sentence(log, found), width) + '\n';
  if (found.before) {
    const std::string state = found.before->present ? log.values.text(found.before->value) : "absent";
    text += fmt::format("     before: {} {}\n", log.printable_key(*found.key), state);
  }
  const Columns columns(log, found.rows);
  return text + columns.text(width) + columns.legend();
}

std::string head(const Log& log, const CheckReport& report) {
  std::string text = fmt::format("{} · {} · {}", reports::counted(log.rows.size(), "call"),
                                 reports::counted(report.keys, "key"), reports::counted(log.threads.size(), "thread"));
  if (report.unfinished > 0) text += fmt::format(" · {} without an end", reports::grouped(report.unfinished));
  if (log.bad_count > 0) {
    text += fmt::format(" · {} left out, the first at {} {}: {}", reports::counted(log.bad_count, log.unit), log.unit,
                        log.bad.front().line, log.bad.front().reason);
  }
  if (log.dropped > 0) text += fmt::format(" · {} that the recorder dropped", reports::grouped(log.dropped));
  return text + '\n';
}

std::string verdict_line(const CheckReport& report) {
  std::string text = "verdict: " + std::string(word_for_verdict(report.verdict()));
  if (report.contradictory_keys > 0) text += ", on " + reports::counted(report.contradictory_keys, "key");
  if (report.undecided_keys > 0) text += "; not decided: " + reports::counted(report.undecided_keys, "key");
  if (report.verdict() == Verdict::legal) text += ": an order of the calls explains every answer";
  return text + '\n';
}

std::string text_of(const Log& log, const CheckReport& report, std::size_t shown, std::size_t width) {
  std::string text = head(log, report);
  for (std::size_t i = 0; i < report.contradictions.size() && i < shown; ++i) {
    text += '\n' + text_of(log, report.contradictions[i], width);
  }
  if (report.contradictory_keys > shown) {
    text += fmt::format("\n  … and {} (--show N)\n", reports::counted(report.contradictory_keys - shown, "more key"));
  }
  for (const Undecided& undecided : report.undecided)
    text += '\n' + reports::wrapped("? ", sentence(log, undecided), width);
  if (report.unclaimed > 0) {
    text += '\n' + reports::wrapped("  ",
                                    fmt::format("{} were not judged: nothing is claimed of them (--claims size=…, "
                                                "iteration=…).",
                                                reports::counted(report.unclaimed, "size and traversal")),
                                    width);
  }
  if (log.bad_count > 0 && report.verdict() == Verdict::illegal) {
    text += "\n  What was left out may be what explains it.\n";
  }
  return text + '\n' + verdict_line(report);
}

ordered_json json_of(const Log& log, const CheckReport& report) {
  ordered_json json{{"verdict", word_for_verdict(report.verdict())},
                    {"calls", log.rows.size()},
                    {"keys", report.keys},
                    {"threads", log.threads.size()},
                    {"unfinished", report.unfinished},
                    {"bad", log.bad_count},
                    {"dropped", log.dropped},
                    {"unit", log.unit},
                    {"contradictory_keys", report.contradictory_keys},
                    {"undecided_keys", report.undecided_keys},
                    {"contradictions", ordered_json::array()},
                    {"undecided", ordered_json::array()}};
  for (const Contradiction& found : report.contradictions) {
    ordered_json lines = ordered_json::array();
    for (const std::uint32_t row : found.rows) lines.push_back(log.rows[row].line);
    json["contradictions"].push_back({{"key", found.key ? ordered_json(log.keys.name(*found.key)) : ordered_json()},
                                      {"why", sentence(log, found)},
                                      {"lines", lines},
                                      {"culprit", log.rows[found.culprit].line}});
  }
  for (const Undecided& undecided : report.undecided) {
    json["undecided"].push_back({{"key", undecided.key ? ordered_json(log.keys.name(*undecided.key)) : ordered_json()},
                                 {"why", sentence(log, undecided)}});
  }
  return json;
}

}  // namespace

int check(const CheckArguments& arguments, const Environment& environment) {
  const auto opened = open_log(arguments.log, environment);
  if (!opened) return report_error(environment, opened.error());
  CheckOptions options = opened->options;
  options.kept_max = std::max<std::size_t>(options.kept_max, arguments.show);
  const CheckReport report = recorded::check(opened->log, options);
  if (arguments.json) {
    environment.out << reports::dumped(json_of(opened->log, report), -1);
  } else {
    environment.out << text_of(opened->log, report, arguments.show, environment.columns);
  }
  return static_cast<int>(exit_code_of_verdict(report.verdict()));
}

}  // namespace mapquake::cli
