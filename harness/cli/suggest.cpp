#include "harness/cli/suggest.hpp"

#include <algorithm>
#include <utility>

namespace mapquake::cli {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

std::vector<std::string> suggestions(std::string_view wrong, std::span<const std::string> names) {
  constexpr std::size_t shown_max = 3, letters_compared_max = 64;
  wrong = wrong.substr(0, letters_compared_max);
  std::vector<std::pair<std::size_t, std::string>> close;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wrong, name);
    const bool contained = wrong.size() >= 3 && name.find(wrong) != std::string::npos;
    if (contained || distance <= std::max<std::size_t>(1, std::min(wrong.size(), name.size()) / 3)) {
      close.emplace_back(distance, name);
    }
  }
  std::sort(close.begin(), close.end());
  std::vector<std::string> answer;
  for (std::size_t i = 0; i < std::min(close.size(), shown_max); ++i) answer.push_back(close[i].second);
  return answer;
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string> names) {
  const std::vector<std::string> close = suggestions(wrong, names);
  if (close.empty()) return {};
  std::string text = "Did you mean ";
  for (std::size_t i = 0; i < close.size(); ++i) {
    if (i > 0) text += i + 1 == close.size() ? " or " : ", ";
    text += '"' + close[i] + '"';
  }
  return text + '?';
}

}  // namespace mapquake::cli
