#include "harness/cli/prove_text.hpp"

#include "harness/campaign/report.hpp"
#include "harness/strategy/dpor.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace mapquake::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::array gap_words{
    std::pair{Gap::time, "a thread reads the clock or waits for it, and durations are not gone through"},
    std::pair{Gap::barrier, "membarrier(2) orders all threads at once"},
    std::pair{Gap::main_runs, "the map's own threads run while the main thread does"},
    std::pair{Gap::many_threads, "more threads than can be followed"},
    std::pair{Gap::long_execution, "an execution took more steps than can be followed"},
    std::pair{Gap::wide_choice, "the map chooses among too many numbers"},
    std::pair{Gap::overruled, "a thread would have starved, and was run out of turn"},
    std::pair{Gap::diverged, "a beginning that was repeated went another way"},
    std::pair{Gap::undecided, "the answers of an execution were too entangled to judge"},
    std::pair{Gap::unseen_code, "parts of it are not instrumented, and what those share is not seen"},
};

std::string_view word_for(ProofVerdict verdict) {
  switch (verdict) {
    case ProofVerdict::clean:
      return "proven clean";
    case ProofVerdict::failing:
      return "failing";
    case ProofVerdict::undecided:
      return "undecided";
  }
  return "";
}

std::vector<std::string> reasons_of(const ProofRow& row) {
  std::vector<std::string> reasons;
  for (const auto& [gap, word] : gap_words) {
    if ((row.gaps & static_cast<std::uint32_t>(gap)) != 0) reasons.emplace_back(word);
  }
  if (row.limited) reasons.emplace_back("stopped by a limit (--time, --executions)");
  if (row.is_cut_off) reasons.emplace_back("interrupted");
  if (row.finding && !row.finding->reproducible()) reasons.emplace_back("a failure did not happen again");
  return reasons;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "; ") + word;
  return text;
}

std::string verdict_of(const ProofRow& row, const TextStyle& style) {
  switch (row.verdict()) {
    case ProofVerdict::clean:
      return painted(std::string(word_for(ProofVerdict::clean)), green, style);
    case ProofVerdict::failing:
      return painted("✗ " + headline_of(row.finding->file), red, style) + "  " + row.finding->path.string();
    case ProofVerdict::undecided:
      break;
  }
  return painted(std::string(word_for(ProofVerdict::undecided)), yellow, style) + ": " + joined(reasons_of(row));
}

struct Sum {
  std::size_t rows = 0;
  std::size_t programs = 0;
  std::uint64_t executions = 0;
  std::uint64_t given_up = 0;
  std::uint64_t redundant = 0;
  bool loops_wait = false;
};

Sum sum_of(std::span<const ProofRow> rows, ProofVerdict verdict) {
  Sum sum;
  for (const ProofRow& row : rows) {
    if (row.verdict() != verdict) continue;
    ++sum.rows;
    sum.programs += row.programs.size();
    sum.executions += row.executions;
    sum.given_up += row.given_up;
    sum.redundant += row.redundant;
    sum.loops_wait |= row.loops_wait;
  }
  return sum;
}

std::string clean_text(const Sum& sum, const ProofBounds& bounds) {
  std::string text = fmt::format("proven clean: {}", reports::counted(sum.programs, "program"));
  const std::uint64_t different = sum.executions - sum.redundant;
  if (bounds.preemptions_max == UINT32_MAX) {
    text += fmt::format(", all {} up to equivalence", reports::counted(different, "interleaving"));
  } else {
    text +=
        fmt::format(", all interleavings with at most {} ({} stand for them)",
                    reports::counted(bounds.preemptions_max, "preemption"), reports::counted(different, "execution"));
  }
  if (sum.redundant > 0) text += fmt::format("; {} more were found redundant", reports::grouped(sum.redundant));
  if (sum.loops_wait) {
    text +=
        "; loops that give way go round again only once something that they touched has changed, or nobody else can "
        "run";
  }
  return text + '.';
}

}  // namespace

std::string bounds_text(const ProofBounds& bounds) {
  std::string text =
      bounds.preemptions_max == UINT32_MAX
          ? "every interleaving"
          : fmt::format("every interleaving with at most {}", reports::counted(bounds.preemptions_max, "preemption"));
  const bool weak = (bounds.fault_mask & fault_bit(ChoiceKind::stale_read)) != 0;
  text += weak ? ", every value that C++ allows an atomic load to read" : ", atomic loads read the newest value";
  std::string faults;
  for (const fault::FaultName& fault : fault::fault_names()) {
    if (fault.mask != 0 && (fault.mask & ~bounds.fault_mask) == 0) faults += fmt::format(" {}", fault.name);
  }
  return text + (faults.empty() ? ", no faults" : ", every combination of the faults" + faults);
}

std::string proof_table(std::span<const ProofRow> rows, const TextStyle& style) {
  std::size_t width = 4;
  for (const ProofRow& row : rows) width = std::max(width, row.name.size());
  std::string text = fmt::format("  {:<{}}  {:>8}  {:>11}  verdict\n", "pair", width - 1, "programs", "executions");
  for (const ProofRow& row : rows) {
    text += fmt::format(
        "  {:<{}}  {:>8}  {:>11}  {}\n", row.name, width, fmt::format("{}/{}", row.run, row.programs.size()),
        reports::grouped(row.executions + (row.verdict() == ProofVerdict::undecided ? row.given_up : 0)),
        verdict_of(row, style));
  }
  return text;
}

std::string proof_verdict(std::span<const ProofRow> rows, const ProofBounds& bounds, const TextStyle& style) {
  const Sum clean = sum_of(rows, ProofVerdict::clean);
  const Sum failing = sum_of(rows, ProofVerdict::failing);
  const Sum undecided = sum_of(rows, ProofVerdict::undecided);
  std::string text;
  if (clean.rows > 0) text += reports::wrapped("", clean_text(clean, bounds), style.width);
  if (failing.rows > 0 && rows.size() > 1) text += fmt::format("failing: {} of {}.\n", failing.rows, rows.size());
  if (undecided.rows > 0) {
    std::vector<std::string> reasons;
    for (const ProofRow& row : rows) {
      if (row.verdict() != ProofVerdict::undecided) continue;
      for (const std::string& reason : reasons_of(row)) {
        if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(reason);
      }
    }
    text += reports::wrapped(
        "",
        fmt::format("undecided: {}, {} without a failure, which proves nothing: {}.",
                    reports::counted(undecided.programs, "program"),
                    reports::counted(undecided.executions + undecided.given_up, "execution"), joined(reasons)),
        style.width);
  }
  return text;
}

std::string proof_json(const MapInfo& map, std::span<const ProofRow> rows, const ProofBounds& bounds) {
  ordered_json json{
      {"map", map.name},
      {"preemptions_max", bounds.preemptions_max == UINT32_MAX ? ordered_json() : ordered_json(bounds.preemptions_max)},
      {"weak_memory", (bounds.fault_mask & fault_bit(ChoiceKind::stale_read)) != 0},
      {"exit_code", exit_code_of(rows)},
      {"rows", ordered_json::array()}};
  for (const ProofRow& row : rows) {
    ordered_json told{
        {"name", row.name},           {"verdict", word_for(row.verdict())}, {"programs", row.programs.size()},
        {"programs_run", row.run},    {"executions", row.executions},       {"given_up", row.given_up},
        {"redundant", row.redundant}, {"loops_wait", row.loops_wait},       {"seconds", row.seconds}};
    if (row.verdict() == ProofVerdict::undecided) told["why"] = reasons_of(row);
    if (row.finding) {
      told["outcome"] = name_of(row.finding->file.outcome);
      told["headline"] = headline_of(row.finding->file);
      told["replay"] = row.finding->path.string();
    }
    json["rows"].push_back(std::move(told));
  }
  return reports::dumped(json, -1);
}

int exit_code_of(std::span<const ProofRow> rows) {
  const auto any = [&](ProofVerdict verdict) {
    return std::ranges::any_of(rows, [&](const ProofRow& row) { return row.verdict() == verdict; });
  };
  if (any(ProofVerdict::failing)) return static_cast<int>(ExitCode::failure_found);
  return static_cast<int>(any(ProofVerdict::undecided) ? ExitCode::unknown_only : ExitCode::clean);
}

}  // namespace mapquake::cli
