#include "harness/nightly/bisection.hpp"

#include <algorithm>
#include <set>

namespace mapquake::nightly {

Result<Bisection> bisect(const std::string& passes, const std::string& fails, const Candidates& candidates,
                         const TestRevision& test) {
  Bisection answer;
  std::vector<std::string> passing{passes};
  std::string failing = fails;
  std::set<std::string> left_out;
  for (;;) {
    const auto open = candidates(failing, passing);
    if (!open) return open.error();
    const auto next = std::ranges::find_if(
        *open, [&](const std::string& each) { return each != failing && !left_out.contains(each); });
    if (next == open->end()) {
      answer.suspects = {failing};
      std::ranges::copy_if(*open, std::back_inserter(answer.suspects),
                           [&](const std::string& each) { return each != failing; });
      return answer;
    }
    const auto tested = test(*next);
    if (!tested) return tested.error();
    ++answer.tested;
    switch (*tested) {
      case Tested::passes:
        passing.push_back(*next);
        break;
      case Tested::fails:
        failing = *next;
        break;
      case Tested::left_out:
        left_out.insert(*next);
        ++answer.left_out;
        break;
    }
  }
}

}  // namespace mapquake::nightly
