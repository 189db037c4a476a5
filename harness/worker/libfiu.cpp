#include "harness/worker/libfiu.hpp"

#include "harness/base/assert.hpp"
#include "harness/runtime/faults.hpp"
#include "harness/runtime/shims/interpose.hpp"

#define FIU_ENABLE 1
#include <fiu-control.h>
#include <fiu.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace mapquake::fault {

namespace {

constexpr const char* allocation_point = "libc/mm/malloc";

/// Invariants: 1. names[0 … count) are distinct and enabled in libfiu. 2. `pc` is that of the point being asked for.
struct Points {
  std::array<std::array<char, point_name_max>, points_max> names{};
  std::size_t count = 0;
  std::uint64_t pc = 0;
  std::array<bool, points_max> barred{};
  std::array<char, points_max * point_name_max> allowed{};  ///< one per line; empty: all
};
constinit Points points;

int real_fiu_fail(const char* name) {
  return MQ_REAL(fiu_fail)(name);
}

// libfiu calls these with its lock held: they must not switch, throw or come back to libfiu.
int choose_allocation(const char*, int* failnum, void**, unsigned*) {
  const std::uint32_t answer = runtime::choose_here(ChoiceKind::alloc_fail, 3, points.pc);
  *failnum = static_cast<int>(answer);
  return answer != 0;
}
int choose_declared(const char*, int* failnum, void**, unsigned*) {
  *failnum = 1;
  return runtime::choose_here(ChoiceKind::declared, 2, points.pc) != 0;
}

bool is_allowed(std::string_view name) {
  const std::string_view allowed(points.allowed.data());
  if (allowed.empty()) return true;
  const std::string line = std::string(name.substr(0, point_name_max - 1)) + '\n';
  const std::size_t at = allowed.find(line);
  return at != std::string_view::npos && (at == 0 || allowed[at - 1] == '\n');
}

/// Where the point is in the list; points_max if the list is full.
std::size_t discover(const char* name) {
  for (std::size_t i = 0; i < points.count; ++i) {
    if (std::strncmp(points.names[i].data(), name, point_name_max - 1) == 0) return i;
  }
  if (points.count == points_max) return points_max;
  std::strncpy(points.names[points.count].data(), name, point_name_max - 1);
  const int error = fiu_enable_external(name, 1, nullptr, 0, choose_declared);
  MQ_ASSERT(error == 0);
  points.barred[points.count] = !is_allowed(name);
  return points.count++;
}

}  // namespace

void open_libfiu() {
  const int error = fiu_init(0);
  MQ_ASSERT(error == 0);
  const int enabled = fiu_enable_external(allocation_point, 1, nullptr, 0, choose_allocation);
  MQ_ASSERT(enabled == 0);
}

std::uint32_t ask_allocation(std::uint64_t pc) {
  points.pc = pc;
  return static_cast<std::uint32_t>(real_fiu_fail(allocation_point));
}

void allow_points(std::string_view lines) {
  MQ_ASSERT(lines.size() < points.allowed.size());
  points.allowed.fill(0);
  std::copy(lines.begin(), lines.end(), points.allowed.begin());
  for (std::size_t i = 0; i < points.count; ++i) points.barred[i] = !is_allowed(points.names[i].data());
}

std::string discovered_points() {
  std::string text;
  for (std::size_t i = 0; i < points.count; ++i) text += std::string(points.names[i].data()) + '\n';
  return text;
}

/// As fiu_fail() where map code calls it.
int reach(const char* name, std::uint64_t pc) {
  const std::size_t point = discover(name);
  // An event whether enabled or not: a question must find the same event numbers in every execution.
  runtime::point(EventKind::adapter_point, nullptr, pc);
  if (point == points_max || points.barred[point] || !runtime::in_operation()) return 0;
  if (runtime::stays_unasked(ChoiceKind::declared)) return 0;
  points.pc = pc;
  return real_fiu_fail(name);
}

}  // namespace mapquake::fault

MQ_INTERPOSED int fiu_fail(const char* name) {
  if (!mapquake::runtime::in_map) return mapquake::fault::real_fiu_fail(name);
  const mapquake::runtime::HarnessScope scope;
  return mapquake::fault::reach(name, MQ_CALLER);
}
