// std::terminate in map code, told apart from other calls of abort().
#include "harness/base/assert.hpp"
#include "harness/base/demangle.hpp"
#include "harness/history/outcome.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/runtime/shims/state.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace mapquake::runtime {
namespace {

constinit std::terminate_handler previous_handler = nullptr;

reason::Terminated uncaught() {
  using reason::Part;
  const std::type_info* type = ::abi::__cxa_current_exception_type();
  if (type == nullptr) return {};
  reason::Terminated reason{.type = Part::cut(demangled(type->name()))};
  try {
    throw;
  } catch (const std::exception& exception) {
    reason.what = Part::cut(exception.what());
  } catch (...) {
    // Whatever it is says nothing of itself.
  }
  return reason;
}

[[noreturn]] void on_terminate() {
  if (!in_map) {
    if (previous_handler != nullptr) previous_handler();
    std::abort();
  }
  in_map = false;
  const reason::Terminated reason = uncaught();
  if (::abi::__cxa_current_exception_type() != nullptr) stand_where_thrown();
  abandon(Outcome::abort, Symptom::terminate, reason);
}

}  // namespace

void install_terminate_handler() {
  const std::terminate_handler previous = std::set_terminate(on_terminate);
  MQ_ASSERT(previous != on_terminate);
  previous_handler = previous;
}

}  // namespace mapquake::runtime
