// What the mutator needs of the formats: without their readers, so that a library for afl-fuzz can do without them,
// too.
#include "tests/hostile_input/formats.hpp"

#include <cstdio>
#include <cstdlib>

namespace mapquake::hostile {

std::string_view name_of(Format format) {
  switch (format) {
    case Format::replay:
      return "replay";
    case Format::edited_replay:
      return "edited-replay";
    case Format::incident:
      return "incident";
    case Format::suppressions:
      return "suppressions";
    case Format::log:
      return "log";
    case Format::record:
      return "record";
    case Format::document:
      return "document";
  }
  return "?";
}

Format chosen_format() {
  static const Format format = [] {
    const char* const name = std::getenv("MAPQUAKE_FORMAT");
    for (const Format each : formats) {
      if (name != nullptr && name_of(each) == name) return each;
    }
    std::fputs("MAPQUAKE_FORMAT: one of", stderr);
    for (const Format each : formats) std::fprintf(stderr, " %s", name_of(each).data());
    std::fputs("\n", stderr);
    std::exit(64);
  }();
  return format;
}

const std::vector<std::string>& dictionary(Format format) {
  static const std::vector<std::string> toml{"[program]\n",
                                             "[[choice]]\n",
                                             "[[case]]\n",
                                             "[options]\n",
                                             "threads = [[\"size\"]]\n",
                                             "at = \"A.1 load x:1 #1\"\n",
                                             "kind = \"preempt\"\n",
                                             "take = \"B\"\n",
                                             "mapquake = 1\n",
                                             "\"\"\"",
                                             "'''",
                                             "]]",
                                             "[[",
                                             "{",
                                             "}",
                                             "nan",
                                             "1e999",
                                             "9223372036854775808",
                                             "1979-05-27T07:32:00Z",
                                             "\\u0000",
                                             "\\U0010FFFF",
                                             "\xEF\xBB\xBF",
                                             "\xff",
                                             "\n",
                                             "\r\n"};
  static const std::vector<std::string> lines{"race:", "leak:", "signature:", "#", " ",  "\t",   "\n", "\r\n",
                                              "*",     "?",     "[",          "]", "\\", "\xff", ":"};
  static const std::vector<std::string> json{"{",
                                             "}",
                                             "[",
                                             "]",
                                             ",",
                                             ":",
                                             "\"",
                                             "\\u0000",
                                             "\\ud800",
                                             "null",
                                             "true",
                                             "1e999",
                                             "-0",
                                             "18446744073709551616",
                                             "\"start\":",
                                             "\"end\":",
                                             "\"op\":",
                                             "\"key\":",
                                             "\"result\":",
                                             "\"insert\"",
                                             "\"resourceSpans\":",
                                             "\n",
                                             "\xff",
                                             "start,end,thread,op,key\n",
                                             "\"\"",
                                             "[[[[[[[[",
                                             "{\"a\":{\"a\":"};
  switch (format) {
    case Format::suppressions:
      return lines;
    case Format::log:
    case Format::record:
    case Format::document:
      return json;
    default:
      return toml;
  }
}

}  // namespace mapquake::hostile
