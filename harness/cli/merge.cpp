#include "harness/cli/commands.hpp"
#include "harness/nightly/directory.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <ostream>

namespace mapquake::cli {

int merge(const MergeArguments& arguments, const Environment& environment) {
  std::vector<Error> problems;
  nightly::StoreValue merged;
  std::error_code error;
  if (std::filesystem::exists(arguments.into, error)) {
    auto there = nightly::read_store(arguments.into, problems);
    if (!there) return report_error(environment, there.error());
    merged = std::move(*there);
  }
  const std::size_t defects_before = merged.defects.size(), runs_before = merged.runs.size();
  for (const auto& path : arguments.stores) {
    const auto store = nightly::read_store(path, problems);
    if (!store) return report_error(environment, store.error());
    merged = nightly::merge(std::move(merged), *store);
  }
  const auto written = nightly::write_store(arguments.into, merged);
  if (!written) return report_error(environment, written.error());
  environment.out << fmt::format(
      "{}: {} ({} new), {} ({} new)\n", arguments.into.string(), reports::counted(merged.defects.size(), "defect"),
      reports::grouped(merged.defects.size() - defects_before), reports::counted(merged.runs.size(), "run"),
      reports::grouped(merged.runs.size() - runs_before));
  // What cannot be read was not merged; the rest was.
  report_problems(environment, problems);
  return static_cast<int>(problems.empty() ? ExitCode::clean : problems.front().code);
}

}  // namespace mapquake::cli
