#include "harness/worker/program_source.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/worker/program_limits.hpp"

#include <algorithm>

namespace mapquake {
namespace {

/// What every program of a slice must stay within: what the map claims, and what was asked for.
std::vector<Budget> budgets_of_all(const Plan& plan, const Claims& claims) {
  const Result<std::vector<Budget>> claimed = parse_budgets(claims.budgets);
  MQ_ASSERT(static_cast<bool>(claimed));  // a plugin that states others is refused (parse_description)
  std::vector<Budget> budgets = *claimed;
  add_budgets(budgets, {plan.budgets.begin(), plan.budgets.end()});
  return budgets;
}

ScenarioOptions options_for(const Plan& plan, const abi::Map& map) {
  ScenarioOptions options = plan.scenario;
  options.bounded = map.takes_capacity;
  options.ttl_ms = map.claims.ttl_ms;
  options.key_numbers = {map.key_first, map.key_last};
  options.value_numbers = {map.value_first, map.value_last};
  return options;
}

/// rapidcheck's size grows over a campaign and starts again, so that small programs never stop coming.
int size_of_program(std::uint64_t number) {
  return static_cast<int>(4 + number * 3 % 97);
}

/// Numbers of another kind than those that programs are drawn by.
constexpr std::uint64_t breeding_salt = 0x6b65707470726f67;

bool covers_more(std::span<const std::uint64_t> now, std::span<const std::uint64_t> before) {
  return !std::ranges::equal(now, before);
}

}  // namespace

ProgramSource::ProgramSource(const Slot& slot, const ExploreRequest& request, const MapRunner& runner)
    : slot_(slot),
      request_(request),
      runner_(runner),
      scenario_(find_scenario(request.scenario)),
      options_(options_for(request.plan, runner.map())),
      budgets_(budgets_of_all(request.plan, runner.map().claims)),
      inherited_(slot.inherited_programs()) {
  MQ_ASSERT(scenario_ != nullptr || request.program);
  for (Program& program : slot.kept_programs()) keep(kept_, std::move(program));
  const std::span<const std::uint64_t> covered = slot.live().exploration.coverage;
  covered_.assign(covered.begin(), covered.end());
}

std::uint64_t ProgramSource::seed_of(std::uint64_t number) const {
  return mix64(request_.seed ^ mix64(number));
}

Program ProgramSource::drawn(std::uint64_t number) const {
  if (request_.program) return *request_.program;
  const std::uint64_t seed = seed_of(number);
  const int size = size_of_program(number);
  const abi::Map& map = runner_.map();
  if (request_.breeds && number < inherited_.size()) {
    const auto adopted = scenario_->adopt(inherited_[number], seed, map.claims, map.operations, options_);
    if (adopted) return *adopted;
  }
  Rng rng(seed ^ breeding_salt);
  const bool breeds = request_.breeds && !kept_.empty() && rng.below(100) < bred_percent;
  if (!breeds) return scenario_->generate(seed, size, map.claims, map.operations, options_);
  const Program& parent = kept_[rng.below(static_cast<std::uint32_t>(kept_.size()))];
  return scenario_->breed(parent, seed, size, map.claims, map.operations, options_);
}

Program ProgramSource::draw(std::uint64_t number) {
  last_ = drawn(number);
  Program program = last_;
  limit(program, request_.plan, budgets_, runner_.map());
  return program;
}

void ProgramSource::has_run() {
  const std::span<const std::uint64_t> now = slot_.live().exploration.coverage;
  if (request_.program || !covers_more(now, covered_)) return;
  covered_.assign(now.begin(), now.end());
  if (!scenario_->can_breed(last_)) return;
  if (slot_.keep_program(last_)) keep(kept_, last_);
}

}  // namespace mapquake
