// Maps that misbehave inside an operation. Each says how its execution must end; whatever it does, the campaign must
// live, and the execution after it must not notice.
#pragma once

#include "probe.hpp"

/// A map `name` whose insert() runs the statements and must end with one of `outcomes` ("a|b").
#define HOSTILE(Test, name, outcomes, text, ...)      \
  struct Test {                                       \
    static constexpr const char* about = text;        \
    static constexpr const char* provokes = outcomes; \
    static void run() { __VA_ARGS__; }                \
  };                                                  \
  MAPQUAKE_MAP(name, probe::Probe<Test>)

/// The same, but nothing is wrong with it as far as the map's users can see.
#define UNUSUAL(Test, name, text, ...)         \
  struct Test {                                \
    static constexpr const char* about = text; \
    static void run() { __VA_ARGS__; }         \
  };                                           \
  MAPQUAKE_MAP(name, probe::Probe<Test>)
