#include "harness/case/case_bytes.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/opened_case.hpp"
#include "harness/cli/selection.hpp"
#include "harness/store/fsio.hpp"
#include "harness/store/signature.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <ostream>

namespace mapquake::cli {
namespace {

namespace fs = std::filesystem;

/// Engines refuse inputs that are larger, or take long to change them.
constexpr std::uintmax_t input_bytes_max = std::uintmax_t{1} << 20;

Result<fs::path> bytes_of(const fs::path& path, const CorpusArguments& arguments, const Environment& environment) {
  auto opened = open_case(path, arguments.plugin, false, environment);
  if (!opened) return opened.error();
  const auto bytes = to_bytes(opened->input());
  if (!bytes) {
    Error error = bytes.error();
    error.what = path.string() + ": " + error.what;
    return error;
  }
  fs::path to = arguments.into / path.stem();
  const auto written =
      write_file_durably(to, std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
  if (!written) return written.error();
  return to;
}

/// What bytes are to be run on.
struct Subject {
  MapInfo map;
  std::unique_ptr<Executor> executor;
  SiteFunction site;
};

Result<Subject> subject_of(const CorpusArguments& arguments, const Environment& environment) {
  auto map = find_map(arguments.map, arguments.plugin, environment);
  if (!map) return map.error();
  auto executor = environment.make_executor(*map, Limits{});
  if (!executor) return executor.error();
  SiteFunction site = environment.make_symbolizer(*map);
  return Subject{std::move(*map), std::move(*executor), std::move(site)};
}

Result<Case> read_bytes(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in) {
    return Error{ExitCode::input_output, fmt::format("{}: cannot be read", path.string()), "Name files of a corpus."};
  }
  if (size > input_bytes_max) {
    return Error{ExitCode::bad_input, fmt::format("{}: is longer than {} bytes", path.string(), input_bytes_max),
                 "It is no input of the map fuzzer."};
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return from_bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// Empty: it ends clean, and there is nothing to keep.
Result<fs::path> replay_of(const fs::path& path, Subject& subject, const fs::path& into) {
  const auto one = read_bytes(path);
  if (!one) return one.error();
  subject.executor->fresh_process();
  const Execution execution = subject.executor->execute(*one, true);
  if (execution.violation.outcome == Outcome::clean) return fs::path();
  ReplayFile file = replay_file_of(one->program, execution, subject.map, "map-fuzzer", subject.site);
  file.signature = signature_of(file, telling_places_of(execution, subject.site));
  fs::path to = into / file_name_for(file);
  const auto saved = save_replay(file, to);
  if (!saved) return saved.error();
  return to;
}

}  // namespace

int corpus(const CorpusArguments& arguments, const Environment& environment) {
  if (const auto store = check_store(arguments.into); !store) return report_error(environment, store.error());
  std::optional<Subject> subject;
  std::size_t clean = 0;
  bool failed = false;
  for (const fs::path& path : arguments.files) {
    const bool is_replay = path.extension() == ".toml";
    if (!is_replay && !subject) {
      auto made = subject_of(arguments, environment);
      if (!made) return report_error(environment, made.error());
      subject.emplace(std::move(*made));
    }
    const auto written = is_replay ? bytes_of(path, arguments, environment) : replay_of(path, *subject, arguments.into);
    if (!written && (is_replay && written.error().code == ExitCode::bad_input && arguments.files.size() > 1)) {
      report_error(environment, written.error());  // the others are worth having
      continue;
    }
    if (!written) return report_error(environment, written.error());
    failed |= !is_replay && !written->empty();
    clean += written->empty();
    if (!written->empty()) environment.out << path.string() << " -> " << written->string() << '\n';
  }
  if (clean > 0) environment.out << reports::counted(clean, "input") << " ended clean\n";
  return static_cast<int>(failed ? ExitCode::failure_found : ExitCode::clean);
}

}  // namespace mapquake::cli
