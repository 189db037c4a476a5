// Places and stacks as a person wants them: the author's line, and how far inside a library it happened.
#pragma once

#include "harness/history/trace.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mapquake::reports {

/// Where something happened, in up to two lines of source: `inside (from at)`, or `at (from from)`, or `at` alone.
struct Place {
  std::string at;           ///< "my_map.hpp:88": innermost call outside of the standard library; empty where unknown
  std::string inside;       ///< of a plain access within the standard library, the line there: "hashtable.h:1668"
  std::string from;         ///< where `at` is an installed library's, the author's line that led there
  std::string function;     ///< of `at`
  std::string path = {};    ///< of `at`, as the debug information has it
  unsigned line = 0;        ///< of `at`; 0 where unknown
  std::string source = {};  ///< the text of that line, where reports were given it
  friend bool operator==(const Place&, const Place&) = default;
};

/// Requires event.pc != 0.
Place place_in_words(const TraceEvent& event, const SiteFunction& site);
/// Of a call in the author's own code.
Place place_of_call(const Site& site);
/// "hashtable.h:1668 (from my_map.hpp:88)"; `at` alone where there is no more.
std::string to_string(const Place& place);

/// The calls at these addresses, inlined ones included, innermost first, each once. The standard library's are left out
/// unless there is nothing else; the innermost of all is kept where `innermost_too`.
std::vector<Site> telling_frames(std::span<const std::uint64_t> stack, const SiteFunction& site, bool innermost_too);
/// Those that were open at an event.
std::vector<Site> telling_frames(const TraceEvent& event, const SiteFunction& site);

/// "my_map.hpp:88                 grow"; the function alone where there is no line.
std::string to_line(const Site& frame);

}  // namespace mapquake::reports
