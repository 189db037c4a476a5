#include "harness/base/fill.hpp"

namespace mapquake {

std::string filled(std::string_view text, const std::map<std::string_view, std::string>& values) {
  std::string all;
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    const std::size_t end = at == std::string_view::npos ? at : text.find('@', at + 1);
    if (end == std::string_view::npos) return all.append(text);
    all += text.substr(0, at);
    all += values.at(text.substr(at + 1, end - at - 1));
    text.remove_prefix(end + 1);
  }
  return all;
}

}  // namespace mapquake
