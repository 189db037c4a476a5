// Executions in worker processes: whatever the map does, the caller gets an answer.
#pragma once

#include "harness/parent/catalogue.hpp"
#include "harness/parent/child.hpp"
#include "harness/parent/cut_off.hpp"
#include "harness/parent/patience.hpp"
#include "harness/wire/slot.hpp"

#include <optional>

namespace mapquake {

class ProcessExecutor final : public Executor {
 public:
  ProcessExecutor(MapInfo map, const Limits& limits, Slot slot, TemplateProcess process);

  Execution execute(const Case& input, bool trace) override;
  Execution attempt(const Case& input) override;
  std::vector<MapState> look(const Case& input, std::span<const std::uint64_t> moments) override;
  SearchResult search(const SearchRequest& request) override;
  ExploreResult explore(const ExploreRequest& request, ExploreProgress& progress) override;
  void fresh_process() override;
  void show_output(bool shown) override { shows_output_ = shown; }
  void heed(std::function<bool()> stop) override;
  bool was_cut_off() const override { return was_cut_off_; }

 private:
  enum class Answer : std::uint8_t { done, crashed, lost, cut_off };
  /// Has the request in the slot served. `crashed`: the worker died of it, and the outcome stands in the slot; `lost`:
  /// somebody else killed it; `cut_off`: it was to stop, and has been killed.
  Answer serve(CutOff& cut_off, ExploreProgress* progress);
  void step_over_death();
  Answer explore_past_known_deaths(const ExploreRequest& request, ExploreProgress& progress, ExploreResult& result);
  void blame_death(int status);
  void restart();
  Execution execute_once(const Case& input, bool trace, CutOff& cut_off);
  Execution answer_of_execute(const Case& input, CutOff& cut_off);
  void look_again(const ExploreRequest& request, ExploreProgress& progress, ExploreResult& result);

  MapInfo map_;
  Patience patience_;
  bool shows_output_ = false;
  bool was_cut_off_ = false;
  CutOff cut_off_;
  Slot slot_;
  TemplateProcess process_;
};

}  // namespace mapquake
