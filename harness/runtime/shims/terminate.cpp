// std::terminate in map code, told apart from other calls of abort().
#include "harness/base/assert.hpp"
#include "harness/base/demangle.hpp"
#include "harness/history/outcome.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/runtime/shims/state.hpp"

#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace mapquake::runtime {
namespace {

constinit std::terminate_handler previous_handler = nullptr;

void describe_exception(char* text, std::size_t size) {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) {
    std::snprintf(text, size, "std::terminate without an exception");
    return;
  }
  try {
    throw;
  } catch (const std::exception& exception) {
    std::snprintf(text, size, "uncaught %s: %s", demangled(type->name()).c_str(), exception.what());
  } catch (...) {
    std::snprintf(text, size, "uncaught %s", demangled(type->name()).c_str());
  }
}

[[noreturn]] void on_terminate() {
  if (!in_map) {
    if (previous_handler != nullptr) previous_handler();
    std::abort();
  }
  in_map = false;
  char why[512];
  describe_exception(why, sizeof why);
  if (abi::__cxa_current_exception_type() != nullptr) stand_where_thrown();
  abandon(Outcome::abort, Symptom::terminate, why);
}

}  // namespace

void install_terminate_handler() {
  const std::terminate_handler previous = std::set_terminate(on_terminate);
  MQ_ASSERT(previous != on_terminate);
  previous_handler = previous;
}

}  // namespace mapquake::runtime
