// An executor without processes, fibers or maps: it interprets a program as so many events per operation, scheduled by
// the real strategies, and asks a planted predicate whether that was a failure.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/strategy/strategy.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mapquake::fake {

inline constexpr std::uint32_t events_per_op = 12;
inline constexpr std::uint32_t fault_event = 6;  ///< at which an operation asks for ChoiceKind::alloc_fail

/// One event of one operation, in the order in which they happened.
struct Step {
  ThreadId thread = 0;
  OpIndex op = 0;
  std::uint32_t event = 0;  ///< 1 to events_per_op
  Operation operation;
  std::uint32_t fault = 0;  ///< answer at fault_event
};

/// Empty: no failure. Otherwise the label of the failure.
using Predicate = std::function<std::string(const Program&, std::span<const Step>)>;

class FakeExecutor : public Executor {
 public:
  explicit FakeExecutor(Predicate predicate) : predicate_(std::move(predicate)) {}

  Execution execute(const Case& input, bool trace) override;
  SearchResult search(const SearchRequest& request) override;
  ExploreResult explore(const ExploreRequest& request, ExploreProgress& progress) override;
  void fresh_process() override {}
  void show_output(bool) override {}

  std::uint64_t runs = 0;
  /// Every n-th run comes out clean, whatever happened; 0: none does.
  std::uint64_t unreliable_every = 0;

 private:
  SearchResult search_places(const SearchRequest& request);
  Execution run(Strategy& strategy, std::uint64_t seed, const Program& program);
  Predicate predicate_;
  std::vector<Step> steps_;  ///< of the last run
};

}  // namespace mapquake::fake
