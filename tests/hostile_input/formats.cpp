#include "tests/hostile_input/formats.hpp"

#include "harness/campaign/suppressions.hpp"
#include "harness/nightly/head.hpp"
#include "harness/nightly/kept_text.hpp"
#include "harness/nightly/record_text.hpp"
#include "harness/recorded/reader.hpp"
#include "harness/store/incident_file.hpp"
#include "harness/store/replay_file.hpp"
#include "reports/document/document.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_of.hpp"

#include <mapquake/record.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <sstream>

namespace mapquake::hostile {
namespace {

namespace fs = std::filesystem;
using testing_support::text_of;

constexpr std::string_view name = "x";

/// What is wrong about a refusal.
std::string unsound_error(const Error& error, bool has_lines, std::string_view input) {
  const std::string& what = error.what;
  if (error.code != ExitCode::bad_input) return "refused with another exit code: " + what;
  if (!what.starts_with("x:")) return "does not begin with the name: " + what;
  if (what.size() > 2000) return "a reason of " + std::to_string(what.size()) + " bytes";
  for (const char c : what + error.hint) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return "control characters in: " + what;
  }
  if (what.find('\n') != std::string::npos) return "more than one line: " + what;
  if (!has_lines) return {};
  const auto line = std::strtoull(what.c_str() + 2, nullptr, 10);
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(input, '\n')) + 1;
  if (line < 1 || line > lines) return "no line of the file: " + what;
  return {};
}

Verdict refused(const Error& error, bool has_lines, std::string_view input) {
  return {false, unsound_error(error, has_lines, input)};
}

template <class T>
Verdict judge_answer(const Result<T>& answer, bool has_lines, std::string_view input) {
  return answer ? Verdict{true, ""} : refused(answer.error(), has_lines, input);
}

Verdict judge_replay(std::string_view input, bool edited) {
  nightly::parse_head(input);
  const auto read = parse_replay(input, name, edited);
  if (!read) return refused(read.error(), true, input);
  ReplayFile kept = *read;
  kept.left_out.clear();
  const std::string text = to_toml(kept);
  const auto again = parse_replay(text, name, false);
  if (!again) return {true, "what was read cannot be read again: " + again.error().what};
  return {true, to_toml(*again) == text ? "" : "is another file once it is written and read again"};
}

std::string unsound_rows(const recorded::Log& log) {
  if (log.rows.empty()) return "a log without calls";
  for (const recorded::Row& row : log.rows) {
    if (row.told != recorded::Told::unfinished && row.end < row.start) return "a call that ends before it starts";
    if (row.visits_begin > row.visits_end || row.visits_end > log.visits.size()) return "visits that are not there";
    if (recorded::operation_text(log, row).size() + recorded::answer_text(log, row).size() > 4000) {
      return "a call that is told in kilobytes";
    }
  }
  return {};
}

Verdict judge_log(std::string_view input) {
  Verdict verdict;
  for (const auto bad_lines : {recorded::BadLines::refuse, recorded::BadLines::skip}) {
    std::istringstream stream{std::string(input)};
    const auto log = recorded::read_log(stream, std::string(name), bad_lines);
    // A log without calls, and formats that are no text, have no line to name.
    verdict = log ? Verdict{true, unsound_rows(*log)} : refused(log.error(), false, input);
    if (!verdict.unsound.empty()) break;
  }
  return verdict;
}

Verdict judge_record(std::string_view input) {
  const auto record = nightly::parse_record(input, name);
  if (!record) return refused(record.error(), false, input);
  static_cast<void>(nightly::kept_by({{record->id, *record}}));  // what it keeps is read as programs
  const auto again = nightly::parse_record(nightly::to_json(*record), name);
  return {true, again && *again == *record ? "" : "is another record once it is written and read again"};
}

Verdict judge_document(std::string_view input) {
  const auto document = reports::read_document(input, name);
  if (!document) return refused(document.error(), false, input);
  const std::string text = document->json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const auto again = reports::read_document(text, name);
  const bool same = again && again->json == document->json;
  return {true, same ? "" : "is another document once it is written and read again"};
}

std::vector<std::string> files_of(const fs::path& directory) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".toml") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> texts;
  for (const fs::path& path : paths) texts.push_back(text_of(path));
  return texts;
}

std::string record_file() {
  const testing_support::TemporaryDirectory directory;
  const fs::path path = directory.path() / "log.mqrec";
  {
    RecordOptions options;
    options.calls_max = 8;
    Recording recording(path.string(), options);
    RecordedThread thread(recording);
    thread.call(Recorded::insert, 5, 50, [] { return true; });
    thread.call(Recorded::find, 5, 0, [] { return std::optional<std::int64_t>(50); });
    thread.begin(Recorded::erase, 5);
  }
  return text_of(path);
}

std::vector<std::string> logs() {
  return {
      R"({"start": 17, "end": 19, "thread": "w1", "op": "insert", "key": "user:5", "value": 50, "result": true}
{"start": 20, "duration": 2, "thread": "w2", "op": "Map.Get", "key": "user:5", "result": null}
{"start": 25, "end": 30, "thread": "w1", "op": "cas", "key": 6, "value": "y", "expected": "x", "result": false}
)",
      "start,end,thread,op,key,value,expected,result\n17,19,w1,insert,\"user:5\",50,,true\n20,22,w2,get,user:5,,,"
      "absent\n",
      R"({"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "put", "traceId": "1", "spanId": "2", "startTimeUnixNano": "17",
 "endTimeUnixNano": "19", "attributes": [{"key": "mapquake.key", "value": {"stringValue": "a"}},
 {"key": "mapquake.value", "value": {"intValue": "5"}}, {"key": "thread.id", "value": {"intValue": "1"}}]}]}]}]})",
      record_file()};
}

std::string record_text() {
  nightly::RunRecord run;
  run.id = "0123456789abcdef";
  run.version = "0.1.0";
  run.started_s = 1'000'000;
  run.saved_s = 1'000'060;
  run.saves = 3;
  run.cells[{"map", "mixed"}].hazards["schedules"] = 100;
  run.cells[{"map", "mixed"}].kept = {"0200000000000002020a04160204000a000000", "00ff"};
  run.builds["map"] = "0123456789abcdef";
  run.seen[{"map", "00000000000000aa"}] = {};
  run.replayed[{"map", "00000000000000ab"}] = {};
  return nightly::to_json(run);
}

}  // namespace

Verdict judge(Format format, std::string_view input) {
  switch (format) {
    case Format::replay:
      return judge_replay(input, false);
    case Format::edited_replay:
      return judge_replay(input, true);
    case Format::incident:
      return judge_answer(parse_incident(input, name), true, input);
    case Format::suppressions:
      return judge_answer(parse_suppressions(input, name), true, input);
    case Format::log:
      return judge_log(input);
    case Format::record:
      return judge_record(input);
    case Format::document:
      return judge_document(input);
  }
  return {};
}

std::vector<std::string> samples(Format format, const fs::path& root) {
  switch (format) {
    case Format::replay:
    case Format::edited_replay:
      return files_of(root / "docs" / "findings");
    case Format::incident:
      return files_of(root / "scenarios" / "incidents");
    case Format::suppressions:
      return {
          "# a comment\nrace:Counter::approximate     nobody needs it exact\nleak:libfoo.so.1   cache\n"
          "signature:91c2a7e0b3d45f66  known\n"};
    case Format::log:
      return logs();
    case Format::record:
      return {record_text()};
    case Format::document:
      return {text_of(root / "tests" / "hostile_input" / "campaign.json")};
  }
  return {};
}

}  // namespace mapquake::hostile
