#include "harness/cli/commands.hpp"
#include "harness/cli/formats.hpp"
#include "harness/store/fsio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace mapquake::cli {

int report(const ReportArguments& arguments, const Environment& environment) {
  std::error_code ignored;
  const bool is_store = std::filesystem::is_directory(arguments.file, ignored);
  const std::filesystem::path file = is_store ? arguments.file / document_name : arguments.file;
  const auto text = read_file_bounded(file, reports::document_bytes_max);
  if (!text) {
    Error error = text.error();
    if (!std::filesystem::exists(file, ignored)) {
      error.hint =
          fmt::format("`mapquake run --store DIR` writes DIR/{}; `mapquake report DIR` shows it.", document_name);
    }
    return report_error(environment, error);
  }
  const auto campaign = reports::read_document(*text, file.string());
  if (!campaign) return report_error(environment, campaign.error());
  const std::size_t width = arguments.out.empty() ? std::clamp<std::size_t>(environment.columns, 60, 200) : 120;
  const std::string made = rendered(*campaign, arguments.format, width);
  if (arguments.out.empty()) {
    environment.out << made;
  } else if (const auto written = write_file_durably(arguments.out, made); !written) {
    return report_error(environment, written.error());
  }
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
