// Maps in words.
#pragma once

#include "harness/case/map_info.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

struct StrategyInfo {
  std::string_view name;
  std::string_view about;
};
const std::vector<StrategyInfo>& strategies();

/// "all operations concurrent · iteration weakly consistent · strong guarantee on bad_alloc"
std::string claims_text(const MapInfo& map);
/// Of what the claims say, the part that is about operations that the adapter does not have, and so is never tested:
/// "iteration (no for_each())"; empty where there is none.
std::string idle_claims_text(const MapInfo& map);
/// "libtbb.so.12  not instrumented: data races are looked for in …": a paragraph for each library that came with one of
/// the maps and is not; each begins with `indent`.
std::string libraries_text(std::span<const MapInfo> maps, std::string_view indent, std::size_t columns);
/// "insert find erase"
std::string operations_text(OpMask operations, std::string_view separator = " ");
/// "size clear": what the map does not have.
std::string missing_operations_text(OpMask operations);
/// "a program: two deposits without a lock", "a program (transfer.cpp:31)"
std::string program_text(const MapInfo& map);
/// "nothing declared: any failure is news", "fails: deadlock or hang"
std::string expectation_text(const MapInfo& map);

/// Words for the enumerators, as in JSON: "all operations", "weakly consistent", …
std::string_view name_of(ConcurrentUse use);
std::string_view name_of(Iteration iteration);
std::string_view name_of(SizeClaim size);
std::string_view name_of(ExceptionGuarantee guarantee);
std::string_view name_of(Progress progress);
std::string_view name_of(Bounds bounds);
std::string_view name_of(SeveralKeys several);
std::string_view name_of(Missed missed);
std::string_view name_of(Retention retention);

}  // namespace mapquake::cli
