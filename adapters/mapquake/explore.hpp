// A body of code with threads, explored over its schedules from inside a test of any framework:
//
//   const mapquake::CheckResult result = mapquake::explore([] { … });
//   assert(result.clean());
//
// <mapquake/gtest.hpp> has check(), which does the asserting. Both need mapquake_add_gtest(): it compiles the same
// sources twice. In the test executable, plainly: explore() there runs `mapquake` in a process of its own. And as an
// instrumented plugin with MAPQUAKE_BODIES defined, where every body that explore() is called with is registered as a
// program, under a name that follows from its type; there, explore() itself is never called.
#pragma once

#include <mapquake/check_result.hpp>
#include <mapquake/program.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <string>
#include <type_traits>
#include <typeinfo>

#ifndef MAPQUAKE_BODIES
#include <mapquake/command.hpp>
#endif

namespace mapquake {

namespace detail {

/// "Bank_Transfer" for the first body in TEST(Bank, Transfer), "Bank_Transfer-2" for the second; elsewhere the function
/// that the body stands in. The same in every build of the same sources.
inline std::string body_name(const std::type_info& type) {
  int status = 0;
  char* const demangled = ::abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? demangled : type.name();
  std::free(demangled);
  const auto replace_all = [&name](const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = name.find(from, at)) != std::string::npos; at += to.size()) {
      name.replace(at, from.size(), to);
    }
  };
  replace_all("(anonymous namespace)::", "");
  replace_all("_Test::TestBody()", "");
  replace_all("::{lambda()#1}", "");
  replace_all("::{lambda()#", "-");
  replace_all("::", ".");
  std::string clean;
  for (const char c : name) {
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (good || c == '_') clean += c;
  }
  return clean;
}

#ifdef MAPQUAKE_BODIES

/// Its mention registers the body while the plugin is loaded.
template <class Body>
struct RegisteredBody {
  static void run() { Body{}(); }

  static bool enter() {
    static char name[256];
    set_text(name, sizeof name, body_name(typeid(Body)).c_str());
    entry.map = describe_program<run>(name, "", 0, {.about = "a body that a test explores"});
    return register_late(entry);
  }
  static inline LateEntry entry{};
  static inline const bool done = enter();
};

#endif

}  // namespace detail

/// Runs the body as a program (program.hpp, `void f()`) under many schedules, each from the state after loading. It
/// must capture nothing: it runs in other processes, thousands of times. What it shares is local to it or global;
/// globals are those of the plugin, as their initialisers leave them, not those of the test process.
template <class Body>
CheckResult explore(Body, const CheckOptions& options = {}) {
  static_assert(std::is_empty_v<Body> && std::is_default_constructible_v<Body>,
                "mapquake: the body must not capture anything: it runs in other processes. Make what it shares local "
                "to it, or global");
#ifdef MAPQUAKE_BODIES
  (void)options;
  (void)detail::RegisteredBody<Body>::done;
  return {};
#else
  return detail::run_mapquake(detail::body_name(typeid(Body)), options);
#endif
}

}  // namespace mapquake
