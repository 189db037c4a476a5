#include "harness/cli/describe.hpp"

#include "harness/history/program.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <filesystem>
#include <map>

namespace mapquake::cli {
namespace {

template <std::size_t size, class Enum>
std::string_view word(const std::array<std::string_view, size>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < size ? words[index] : "unknown";
}

bool has(const MapInfo& map, OpKind kind) {
  return (map.operations & op_bit(kind)) != 0;
}

std::string listed(OpMask operations, std::string_view separator = " ") {
  std::string text;
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    if ((operations & op_bit(static_cast<OpKind>(kind))) == 0) continue;
    text += std::string(text.empty() ? "" : separator) + std::string(mapquake::name_of(static_cast<OpKind>(kind)));
  }
  return text;
}

}  // namespace

const std::vector<StrategyInfo>& strategies() {
  static const std::vector<StrategyInfo> all{
      {"mixed", "all of those below by turns; the default, and best where nothing is known"},
      {"random", "at each scheduling point another thread runs with some probability; covers short windows broadly"},
      {"pct",
       "random priorities and a few change points (Burckhardt et al., ASPLOS 2010, section 2): finds bugs that "
       "need few preemptions with a guaranteed probability"},
      {"pos", "a random priority for each event, drawn anew after a conflict (Yuan et al., CAV 2018): many threads"},
      {"surw", "every order of a few interesting events alike (Zhao et al., ASPLOS 2025): one location, long programs"},
      {"rff", "wishes which write a read is to see, and varies what showed something new (Wolff et al., ASPLOS 2024)"},
      {"delay",
       "threads in strict turns, a few of which are passed over (Emmi et al., POPL 2011): alternations, many threads"},
      {"hold",
       "one operation stands still while others do a drawn number of operations (after Park, Lu, Zhou, ASPLOS 2009): "
       "counters that wrap, thresholds that are passed meanwhile"}};
  return all;
}

std::string_view name_of(ConcurrentUse use) {
  static constexpr std::array<std::string_view, 3> words{"none", "readers", "all operations"};
  return word(words, use);
}
std::string_view name_of(Iteration iteration) {
  static constexpr std::array<std::string_view, 5> words{"none", "exclusive", "weakly consistent", "fail-fast",
                                                         "snapshot"};
  return word(words, iteration);
}
std::string_view name_of(SizeClaim size) {
  static constexpr std::array<std::string_view, 3> words{"none", "quiescent", "linearizable"};
  return word(words, size);
}
std::string_view name_of(ExceptionGuarantee guarantee) {
  static constexpr std::array<std::string_view, 3> words{"none", "basic", "strong"};
  return word(words, guarantee);
}
std::string_view name_of(Progress progress) {
  static constexpr std::array<std::string_view, 3> words{"blocking", "obstruction-free", "lock-free"};
  return word(words, progress);
}

std::string_view name_of(Bounds bounds) {
  static constexpr std::array<std::string_view, 3> words{"exclusive", "weakly consistent", "linearizable"};
  return word(words, bounds);
}
std::string_view name_of(SeveralKeys several) {
  static constexpr std::array<std::string_view, 2> words{"per key", "linearizable"};
  return word(words, several);
}
std::string_view name_of(Missed missed) {
  static constexpr std::array<std::string_view, 2> words{"any writes", "other threads' writes"};
  return word(words, missed);
}
std::string_view name_of(Retention retention) {
  static constexpr std::array<std::string_view, 5> words{"keeps entries", "evicts when full", "may evict",
                                                         "expires after the last write", "expires after the last call"};
  return word(words, retention);
}

std::string claims_text(const MapInfo& map) {
  const Claims& claims = map.claims;
  static constexpr std::array<std::string_view, 3> use{"one thread at a time", "concurrent readers",
                                                       "all operations concurrent"};
  std::string text(word(use, claims.concurrent_use));
  if (claims.exclusive_operations != 0) text += " except " + listed(claims.exclusive_operations);
  text += " · iteration " + std::string(name_of(claims.iteration));
  if (has(map, OpKind::size)) text += " · size " + std::string(name_of(claims.size));
  if (claims.linearizable && (has(map, OpKind::lower_bound) || has(map, OpKind::upper_bound))) {
    text += " · bounds " + std::string(name_of(claims.bounds));
  }
  if (claims.linearizable && has(map, OpKind::find_all)) text += " · find_all " + std::string(name_of(claims.find_all));
  if (claims.linearizable && has(map, OpKind::transact)) {
    text += " · transactions " + std::string(name_of(claims.transactions));
  }
  if (has(map, OpKind::cursor_open)) {
    const std::string borne = listed(operations_where([&](const OperationTraits& traits) {
      return has(map, traits.kind) && !is_of_cursor(traits.kind) && (claims.beside_cursors & op_bit(traits.kind)) != 0;
    }));
    text += " · cursors bear " + (borne.empty() ? "nothing" : borne);
  }
  text += " · " + std::string(name_of(claims.on_bad_alloc)) + " guarantee on bad_alloc";
  if (claims.progress != Progress::blocking) text += " · " + std::string(name_of(claims.progress));
  if (!claims.linearizable) text += " · right at rest, look-ups may miss " + std::string(name_of(claims.may_miss));
  if (claims.retention != Retention::keeps) text += " · " + std::string(name_of(claims.retention));
  if (claims.ttl_ms != 0) text += " within " + std::to_string(claims.ttl_ms) + " ms";
  if (claims.capacity != 0) text += " · at most " + std::to_string(claims.capacity) + " entries";
  if (!map.budgets.empty()) text += " · budgets " + map.budgets;
  return text;
}

std::string idle_claims_text(const MapInfo& map) {
  const Claims& claims = map.claims;
  std::string text;
  const auto add = [&text](const std::string& claim) { text += (text.empty() ? "" : ", ") + claim; };
  // Quiescent and exclusive are what claims say by themselves.
  if (claims.size == SizeClaim::linearizable && !has(map, OpKind::size)) add("size (no size())");
  const OpMask visiting = op_bit(OpKind::iterate) | op_bit(OpKind::erase_if) | op_bit(OpKind::copy);
  const bool of_itself = claims.iteration == Iteration::exclusive || claims.iteration == Iteration::none;
  if (!of_itself && (map.operations & visiting) == 0) add("iteration (no for_each())");
  const OpMask named = claims.exclusive_operations | claims.may_refuse;
  if ((named & ~map.operations & map_operations) != 0) add(listed(named & ~map.operations & map_operations));
  return text;
}

std::string libraries_text(std::span<const MapInfo> maps, std::string_view indent, std::size_t columns) {
  std::map<std::string, std::vector<std::string>> users;
  for (const MapInfo& map : maps) {
    for (const std::string& library : map.unseen_libraries) users[library].push_back(map.name);
  }
  constexpr std::size_t names_max = 4;
  std::string text;
  for (const auto& [library, names] : users) {
    const std::string of =
        names.size() > names_max ? std::to_string(names.size()) + " maps" : fmt::format("{}", fmt::join(names, ", "));
    text += reports::wrapped(
        std::string(indent) + library + "  ",
        fmt::format("not instrumented: data races are looked for in the code of {} alone, calls into the "
                    "library are taken to order threads, and stale reads are left out",
                    of),
        columns);
  }
  return text;
}

std::string operations_text(OpMask operations, std::string_view separator) {
  return listed(operations, separator);
}

std::string missing_operations_text(OpMask operations) {
  return listed(~operations & map_operations);
}

std::string program_text(const MapInfo& map) {
  if (!map.about.empty()) return "a program: " + map.about;
  return "a program (" + std::filesystem::path(map.source_file).filename().string() + ")";
}

std::string expectation_text(const MapInfo& map) {
  std::string text =
      map.expected_outcomes.empty() ? "nothing declared: any failure is news" : "fails: " + map.expected_outcomes;
  for (std::size_t bar = 0; (bar = text.find('|')) != std::string::npos;) text.replace(bar, 1, " or ");
  if (map.expected.memory_model == MemoryModel::c11) text += ", under --memory-model c11";
  return text;
}

}  // namespace mapquake::cli
