#include "harness/cli/recorded_help.hpp"

#include "harness/history/program.hpp"
#include "harness/recorded/claims_text.hpp"
#include "harness/recorded/vocabulary.hpp"

#include <fmt/format.h>

namespace mapquake::cli {
namespace {

std::string words_text() {
  std::string text;
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    std::string words;
    for (const recorded::Word& word : recorded::vocabulary()) {
      if (static_cast<unsigned>(word.kind) == kind) words += ' ' + std::string(word.word);
    }
    if (!words.empty()) text += fmt::format("  {:<17}{}\n", name_of(static_cast<OpKind>(kind)), words.substr(1));
  }
  return text;
}

}  // namespace

std::string recorded_text() {
  return fmt::format(
      R"(A log has a line for each call on the map: JSON objects, CSV under column names, OpenTelemetry spans
(OTLP JSON), or a record file of <mapquake/record.hpp>. Told apart by their content.

  {{"start": 17, "end": 19, "thread": "w1", "op": "insert", "key": "user:5", "value": 50, "result": true}}
  {{"start": 20, "end": 22, "thread": "w2", "op": "find", "key": "user:5", "result": null}}

  start,end,thread,op,key,value,result
  17,19,w1,insert,user:5,50,true
  20,22,w2,find,user:5,,absent

Times are of any one unit and of one clock; `duration` may stand for `end`. A call without an end may have happened.
`status` is ok, fail (it did not happen) or unknown (no answer came: it may have). Keys and values may be any text.
`hash`, `shard` or `bucket` may say where the map keeps the key: import keeps who shares one.
`result` is what the operation answers: true or false, a value, null for "there is none"; left out, it is unknown.

Words for the operations (case, '_', '-' and what stands before a '.' do not matter):

{}
Of put, set, store and write a result of true says nothing: leave it out. For swap it is the old value.
compare_exchange has the field `expected`; update and upsert add `value`.

Claims (--claims, separated by spaces):

{})",
      words_text(), recorded::claims_help());
}

std::string check_examples() {
  return R"(Answers linearizable (exit 0), contradiction (1) or undecided (2). A contradiction is told in one sentence with the
log's line numbers, and shown by the few calls that contradict each other whatever all others did.

Examples:
  mapquake check production.jsonl
      is there an order of the calls that explains every answer?
  mapquake check run.csv --initial empty --claims 'size=quiescent iteration=weakly-consistent'
      a log from the map's construction on; sizes and traversals are judged, too
  mapquake check spans.json --bad-lines skip --claims-of go_sync_map
      what is no call is left out; held to what this adapter claims
What a log looks like: mapquake help recorded)";
}

std::string import_examples() {
  return R"(Cuts the calls that contradict each other out of the log, with those beside them that may have caused it and what the
map held before, and writes them as a program that `mapquake run --incident` searches. Of a log without answers it takes
the calls that had not returned, or the busiest moment. Exit 1 if there was something to import, 0 if the log is
linearizable, 2 if it is undecided.

Examples:
  mapquake import production.jsonl --map my_map --plugin ./my_map.so --out lost.toml
      then: mapquake run --incident ./lost.toml --plugin ./my_map.so
  mapquake import production.jsonl --map my_map --plugin ./my_map.so --lines 120-131
      calls of your choice, whatever they answered
  mapquake import run.mqrec --map buggy_duplicate_insert
      a record file of <mapquake/record.hpp>; writes ./run-incident.toml)";
}

}  // namespace mapquake::cli
