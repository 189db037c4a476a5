#include "harness/cli/commands.hpp"
#include "harness/cli/status_text.hpp"
#include "harness/nightly/directory.hpp"

#include <algorithm>
#include <ostream>

namespace mapquake::cli {

int status(const StatusArguments& arguments, const Environment& environment) {
  std::vector<Error> problems;
  const auto store = nightly::read_store(arguments.store, problems);
  if (!store) return report_error(environment, store.error());
  const nightly::Status status = nightly::status_of(*store);
  const TextStyle style{environment.colour, std::max<std::size_t>(environment.columns, 60)};
  environment.out << (arguments.json ? status_json(status, arguments.store)
                                     : status_text(status, arguments.store, style));
  report_problems(environment, problems);
  return static_cast<int>(problems.empty() ? ExitCode::clean : problems.front().code);
}

}  // namespace mapquake::cli
