#include "harness/runtime/shims/environment.hpp"

#include "harness/choice/processors.hpp"
#include "harness/runtime/faults.hpp"
#include "harness/runtime/shims/state.hpp"

namespace mapquake::runtime {
namespace {

/// The answer to a question that is asked once.
struct Once {
  bool asked = false;
  std::uint32_t answer = 0;

  std::uint32_t operator()(ChoiceKind kind, std::uint32_t n, std::uint64_t pc) {
    if (!asked) answer = choose_here(kind, n, pc);
    asked = true;
    return answer;
  }
};

struct Environment {
  Once processors, seed, thread_ids;
};

constinit Environment environment;

constexpr std::uint32_t sequences = 8;

}  // namespace

void reset_environment() {
  environment = Environment{};
}

unsigned cpu_count(std::uint64_t pc) {
  return processor_counts[environment.processors(ChoiceKind::processors, processor_counts.size(), pc)];
}

std::uint32_t random_sequence(std::uint64_t pc) {
  return environment.seed(ChoiceKind::seed, sequences, pc);
}

bool spaced_identities(std::uint64_t pc) {
  return environment.thread_ids(ChoiceKind::thread_ids, 2, pc) != 0;
}

bool identities_are_spaced() {
  return environment.thread_ids.answer != 0;
}

}  // namespace mapquake::runtime
