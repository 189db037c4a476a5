#include "reports/source_lines.hpp"

#include "harness/store/fsio.hpp"
#include "harness/store/text.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t file_bytes_max = 4u << 20;
constexpr std::size_t line_bytes_max = 160;

std::filesystem::path located(const std::filesystem::path& path, const std::filesystem::path& plugin) {
  if (path.is_absolute()) return path.lexically_normal();
  std::error_code ignored;
  const std::filesystem::path here = std::filesystem::absolute(path, ignored).lexically_normal();
  if (std::filesystem::is_regular_file(here, ignored)) return here;
  std::filesystem::path above = std::filesystem::absolute(plugin, ignored).parent_path();
  for (; above.has_relative_path(); above = above.parent_path()) {
    const std::filesystem::path candidate = (above / path).lexically_normal();
    if (std::filesystem::is_regular_file(candidate, ignored)) return candidate;
  }
  return path;
}

struct SourceFile {
  std::string path;
  std::vector<std::string> lines;
};

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  const auto text = read_file_bounded(path, file_bytes_max);
  if (!text) return lines;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    lines.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string trimmed(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  line = line.substr(begin, line.find_last_not_of(blanks) + 1 - begin);
  return cleaned(line, line_bytes_max, LineBreaks::forbidden);
}

}  // namespace

SourceFunction readable_sources(const std::filesystem::path& plugin) {
  const auto files = std::make_shared<std::map<std::string, SourceFile>>();
  return [files, plugin](const std::string& path, unsigned line) -> FoundLine {
    if (path.empty() || line == 0) return {path, {}};
    auto known = files->find(path);
    if (known == files->end()) {
      const std::filesystem::path file = located(path, plugin);
      known = files->emplace(path, SourceFile{file.string(), lines_of(file)}).first;
    }
    const auto& [found, lines] = known->second;
    return {found, line <= lines.size() ? trimmed(lines[line - 1]) : std::string()};
  };
}

}  // namespace mapquake::reports
