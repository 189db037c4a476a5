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
  /// What became of a request.
  struct Served {
    enum class End : std::uint8_t {
      done,
      crashed,  ///< the worker died of it: `blamed` says how
      lost,     ///< somebody else killed it
      cut_off,  ///< it was to stop, and has been killed
    };
    End end = End::done;
    Violation blamed = {};
  };
  /// `progress`: of an exploration, which is not begun again where somebody else killed its worker; else null.
  Served serve(Task task, CutOff& cut_off, ExploreProgress* progress);
  /// What is left of an execution whose worker gave no answer.
  Execution left_of(Violation violation) const;
  Execution run(const Case& input, bool trace, bool attempt, CutOff& cut_off);
  Served explore_past_known_deaths(const ExploreRequest& request, ExploreProgress& progress, ExploreResult& result);
  void take_failure(const Served& served, const ExploreRequest& request, ExploreResult& result);
  void look_again(const ExploreRequest& request, ExploreProgress& progress, ExploreResult& result);
  void restart();

  MapInfo map_;
  Patience patience_;
  bool shows_output_ = false;
  bool was_cut_off_ = false;
  CutOff cut_off_;
  Slot slot_;
  TemplateProcess process_;
};

}  // namespace mapquake
