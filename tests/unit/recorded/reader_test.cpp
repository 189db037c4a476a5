#include "harness/recorded/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace mapquake::recorded {
namespace {

using testing::HasSubstr;

Result<Log> read(const std::string& text, BadLines bad_lines = BadLines::refuse) {
  std::istringstream stream(text);
  return read_log(stream, "log", bad_lines);
}

/// All that the log says of a call, in words.
std::string told(const Log& log, const Row& row) {
  const bool ends = row.told != Told::unfinished;
  return log.printable_thread(row.thread) + " " + operation_text(log, row) + " " + answer_text(log, row) + " " +
         std::to_string(row.start) + (ends ? "-" + std::to_string(row.end) : "");
}

std::string told(const Result<Log>& log) {
  if (!log) return log.error().what;
  std::string text;
  for (const Row& row : log->rows) text += told(*log, row) + "\n";
  return text;
}

constexpr const char* expected =
    "w1 insert(user:5, 50) true 17-19\n"
    "w2 find(user:5) absent 20-22\n"
    "w2 assign(6, x) returned 23-24\n"
    "w1 compare_exchange(6, y, expecting x) false 25-30\n"
    "w1 erase(6) did not return 31\n"
    "w2 erase(6) x 32-33\n";

TEST(RecordedReader, JsonLines) {
  EXPECT_EQ(
      told(
          read(R"({"start": 17, "end": 19, "thread": "w1", "op": "insert", "key": "user:5", "value": 50, "result": true}
{"start": 20, "duration": 2, "thread": "w2", "op": "Map.Get", "key": "user:5", "result": null, "host": {"a": [1, 2]}}

{"start": 23, "end": 24, "thread": "w2", "op": "put", "key": 6, "value": "x"}
{"start": 25, "end": 30, "thread": "w1", "op": "CompareAndSwap", "key": 6, "value": "y", "expected": "x", "result": false}
{"start": 31, "thread": "w1", "op": "delete", "key": 6}
{"start": 32, "end": 33, "thread": "w2", "op": "delete", "key": 6, "result": "x"}
{"start": 34, "end": 35, "thread": "w2", "op": "delete", "key": 6, "status": "fail"}
)")),
      expected);
}

TEST(RecordedReader, Csv) {
  EXPECT_EQ(told(read("start,end,thread,host,op,key,value,expected,result\r\n"
                      "17,19,w1,h,insert,\"user:5\",50,,true\r\n"
                      "20,22,w2,\"a, \"\"b\"\"\",get,user:5,,,absent\r\n"
                      "23,24,w2,,put,6,x,,\r\n"
                      "25,30,w1,,cas,6,y,x,false\r\n"
                      "31,,w1,,delete,6,,,\r\n"
                      "32,33,w2,,delete,6,,,x\r\n")),
            expected);
}

TEST(RecordedReader, OpenTelemetrySpans) {
  const auto span = [](const std::string& name, int start, int end, const std::string& attributes) {
    return R"({"traceId": "t1", "name": ")" + name + R"(", "startTimeUnixNano": ")" + std::to_string(start) +
           R"(", "endTimeUnixNano": ")" + std::to_string(end) + R"(", "attributes": [)" + attributes + "]}";
  };
  const std::string key = R"({"key": "map.key", "value": {"stringValue": "user:5"}})";
  const std::string first = span("map.insert", 17, 19, key + R"(, {"key": "value", "value": {"intValue": "50"}},
                                        {"key": "thread.id", "value": {"intValue": 3}},
                                        {"key": "map.result", "value": {"boolValue": true}})");
  const std::string second = span("cache/get", 20, 22, key + R"(, {"key": "result", "value": {}})");
  const std::string third = span("delete", 23, 0, key);
  const auto document = [](const std::string& spans) {
    return R"({"resourceSpans": [{"scopeSpans": [{"spans": [)" + spans + "]}]}]}";
  };
  const std::string all =
      "3 insert(user:5, 50) true 17-19\nt1 find(user:5) absent 20-22\nt1 erase(user:5) did not return 23\n";
  std::string one_line = document(first + "," + second + "," + third);
  std::erase(one_line, '\n');
  EXPECT_EQ(told(read(one_line)), all);
  std::string two = document(first);
  std::erase(two, '\n');
  EXPECT_EQ(told(read(two + "\n" + document(second + "," + third) + "\n")), all);
  EXPECT_EQ(told(read("{\n" + one_line.substr(1))), all);
  EXPECT_EQ(told(read(document(first + R"(, {"name": "get"})"))), "log:2: no field \"start\"");
}

TEST(RecordedReader, TimesOfEveryForm) {
  const auto times = [](const std::string& start, const std::string& end) {
    const Result<Log> log = read("start,end,thread,op,key\n1,2,a,get,k\n" + start + "," + end + ",a,get,k\n");
    return log ? std::to_string(log->rows[0].start) + " " + std::to_string(log->rows[1].start) + " " +
                     std::to_string(log->rows[1].end)
               : log.error().what;
  };
  EXPECT_EQ(times("3", "4"), "1 3 4");
  EXPECT_EQ(times("3", "4.000000001"), "1000000000 3000000000 4000000001");
  EXPECT_EQ(times("-3.5", "4"), "1000000000 -3500000000 4000000000");
  EXPECT_EQ(times("1970-01-01T00:00:01Z", "1970-01-01T01:00:01.5+01:00"), "1 1000000000 1500000000");
  EXPECT_THAT(times("3", "1e9"), HasSubstr("is no time"));
  EXPECT_THAT(times("3", "2.0000000001"), HasSubstr("is no time"));
  EXPECT_THAT(times("1999-02-30T00:00:00Z", "4"), HasSubstr("is no time"));
  EXPECT_THAT(times("99999999999999999999", "4"), HasSubstr("is no time"));
  EXPECT_THAT(times("9223372036854775807", "9223372036854775807.5"), HasSubstr("too large"));
}

struct Hostile {
  std::string line;
  std::string reason;
};

class HostileLine : public testing::TestWithParam<Hostile> {};

TEST_P(HostileLine, IsRefusedByNumberOrSkipped) {
  const std::string good = R"({"start": 1, "end": 2, "thread": 1, "op": "get", "key": 5, "result": null})";
  const std::string text = good + "\n" + GetParam().line + "\n" + good + "\n";
  const Result<Log> refused = read(text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::bad_input);
  EXPECT_THAT(refused.error().what, HasSubstr("log:2: "));
  EXPECT_THAT(refused.error().what, HasSubstr(GetParam().reason));
  const Result<Log> skipped = read(text, BadLines::skip);
  ASSERT_TRUE(skipped);
  EXPECT_EQ(skipped->rows.size(), 2U);
  EXPECT_EQ(skipped->bad_count, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileLine,
    testing::Values(
        Hostile{"{", "no JSON"}, Hostile{"[]", "no object"}, Hostile{"7", "no object"},
        Hostile{std::string(100'000, '{'), "no JSON"}, Hostile{std::string(100'000, '['), "no object"},
        Hostile{R"({"x": )" + std::string(100'000, '[') + "}", "nested too deep"},
        Hostile{std::string("\0\xff\xfe", 3), "no JSON"},
        Hostile{R"({"key": ")" + std::string(line_bytes_max, 'k') + "\"}", "longer than 1 MiB"},
        Hostile{R"({"start": 1, "start": 2})", "two fields for \"start\""},
        Hostile{R"({"end": 2, "op": "get"})", "no field \"start\""},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "gett", "key": 1})", "unknown operation \"gett\""},
        Hostile{R"({"start": 1, "end": 2, "op": "get", "key": 1})", "no field \"thread\""},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "get"})", "no field \"key\""},
        Hostile{R"({"start": 3, "end": 2, "thread": 1, "op": "get", "key": 1})", "ends before it starts"},
        Hostile{R"({"start": 9223372036854775807, "duration": 1, "thread": 1, "op": "get", "key": 1})", "too late"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "get", "key": [1]})", "is no plain value"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "get", "key": 1, "status": "maybe"})", "none of ok"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "insert", "key": 1})", "no field \"value\""},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "insert", "key": 1, "value": 1, "result": 7})",
                "neither true"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "put", "key": 1, "value": 1, "result": true})",
                "that it was added"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "update", "key": 1, "value": "a"})", "no integer"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "size", "result": -1})", "no number"},
        Hostile{R"({"start": 1, "end": 2, "thread": 1, "op": "iterate", "result": [[1]]})", "a key and a value"}));

TEST(RecordedReader, WhatIsNoLogIsSaid) {
  EXPECT_EQ(told(read("")), "log: there is no call in it");
  EXPECT_THAT(told(read("hello\nworld\n")), HasSubstr("log:1: neither a JSON object nor column names"));
  EXPECT_THAT(told(read("start,end,thread,op,key\n1,2,a,get\n")), HasSubstr("log:2: 4 fields instead of 5"));
  EXPECT_THAT(told(read("start,end,thread,op,key\n1,2,a,get,k,7\n")), HasSubstr("log:2: more than 5 fields"));
  EXPECT_THAT(told(read("start,end,thread,op,key\n1,2,a,get,\"k\n")), HasSubstr("log:2: a quote"));
  EXPECT_THAT(told(read("start,start,op\n")), HasSubstr("two columns for \"start\""));
  const std::string sums = "start,end,thread,op,key,value\n1,2,a,put,k,text\n3,4,a,upsert,k,1\n";
  EXPECT_THAT(told(read(sums)), HasSubstr("log:3: it adds to a key"));
}

TEST(RecordedReader, ASizeThatIsCountedBehindWritesMayWrapAround) {
  const auto log = read(R"({"start": 1, "end": 2, "thread": 1, "op": "size", "result": 18446744073709551615})");
  ASSERT_TRUE(log);
  ASSERT_EQ(log->rows.size(), 1U);
  EXPECT_EQ(log->rows.front().told, Told::count);
  EXPECT_EQ(answer_text(*log, log->rows.front()), "18446744073709551615");
}

/// A call as text, and as both writers of this test put it down.
struct Written {
  std::string json, csv;
};

std::string csv_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

RC_GTEST_PROP(RecordedReader, WhatIsWrittenIsReadInBothFormats, ()) {
  const auto word = rc::gen::container<std::string>(rc::gen::inRange(' ', '~'));
  std::string json;
  std::string csv = "start,end,thread,op,key,value,result\n";
  std::string expected_text;
  const int count = *rc::gen::inRange(1, 20);
  for (int i = 0; i < count; ++i) {
    const int start = *rc::gen::inRange(0, 1000);
    const int end = start + *rc::gen::inRange(0, 1000);
    const std::string thread = *word;
    const std::string key = *word;
    const std::string value =
        *rc::gen::oneOf(word, rc::gen::map(rc::gen::arbitrary<int>(), [](int n) { return std::to_string(n); }));
    const bool added = *rc::gen::arbitrary<bool>();
    json += nlohmann::json{{"start", start}, {"end", end},     {"thread", thread}, {"op", "insert"},
                           {"key", key},     {"value", value}, {"result", added}}
                .dump() +
            "\n";
    csv += std::to_string(start) + "," + std::to_string(end) + "," + csv_quoted(thread) + ",insert," + csv_quoted(key) +
           "," + csv_quoted(value) + "," + (added ? "true" : "false") + "\n";
  }
  const Result<Log> from_json = read(json);
  const Result<Log> from_csv = read(csv);
  RC_ASSERT(from_json && from_csv);
  RC_ASSERT(from_json->rows.size() == static_cast<std::size_t>(count));
  RC_ASSERT(told(from_json) == told(from_csv));
  for (std::size_t i = 0; i < from_json->rows.size(); ++i) {
    const nlohmann::json line = nlohmann::json::parse(json.substr(0, json.find('\n')));
    json.erase(0, json.find('\n') + 1);
    RC_ASSERT(from_json->keys.name(from_json->rows[i].key) == line["key"].get<std::string>());
    RC_ASSERT(from_csv->threads.name(from_csv->rows[i].thread) == line["thread"].get<std::string>());
  }
}

RC_GTEST_PROP(RecordedReader, AnyBytesAreReadOrRefused, ()) {
  const std::string text = *rc::gen::oneOf(
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
      rc::gen::map(rc::gen::container<std::string>(rc::gen::elementOf(std::string("{}[]\":,\n startopkey12"))),
                   [](std::string tail) { return "start,end,thread,op,key\n" + tail; }));
  const Result<Log> log = read(text, BadLines::skip);
  if (log) RC_ASSERT(!log->rows.empty());
}

}  // namespace
}  // namespace mapquake::recorded
