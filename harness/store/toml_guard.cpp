#include "harness/store/toml_guard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake {
namespace {

/// Moves over strings and comments and counts the rest.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TomlTrouble> run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    bool line_is_blank = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool header = c == '[' && line_is_blank && depth_ == 0;
      if (header && !header_has_key()) return trouble("expected the name of a table after [");
      line_is_blank = c == '\n' || (line_is_blank && (c == ' ' || c == '\t' || c == '\r'));
      if (header) count_header();
      if (multi_line_string()) return trouble("multi-line strings are not part of this format; write \\n");
      if (static_cast<unsigned char>(c) >= 0x80) return trouble("a character outside ASCII stands outside a string");
      step(c);
      if (depth_ > toml_depth_max) return trouble(fmt::format("brackets are nested more than {} deep", toml_depth_max));
      if (dots_ > toml_dots_max) return trouble(fmt::format("more than {} dots outside strings", toml_dots_max));
      if (headers_ > toml_headers_max) return trouble(fmt::format("more than {} tables", toml_headers_max));
      if (nodes_ > toml_nodes_max) return trouble(fmt::format("more than {} values", toml_nodes_max));
    }
    return std::nullopt;
  }

 private:
  TomlTrouble trouble(std::string reason) const { return {line_, std::move(reason)}; }

  void step(char c) {
    switch (c) {
      case '#':
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case '"':
      case '\'':
        return skip_string(c);
      case '\n':
        ++line_;
        ++nodes_;
        break;
      case '.':
        ++dots_;
        break;
      case '[':
      case '{':
        ++depth_;
        ++nodes_;
        break;
      case ']':
      case '}':
        depth_ -= depth_ > 0 ? 1 : 0;
        break;
      case ',':
      case '=':
        ++nodes_;
        break;
      default:
        break;
    }
    ++at_;
  }

  bool header_has_key() const {
    std::size_t at = at_ + (text_.substr(at_).starts_with("[[") ? 2 : 1);
    at = std::min(text_.find_first_not_of(" \t", at), text_.size());
    const auto c = static_cast<unsigned char>(at < text_.size() ? text_[at] : 0);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '"' || c == '\'';
  }

  void count_header() {
    const std::string_view header = text_.substr(at_, std::min(text_.find('\n', at_), text_.size()) - at_);
    if (header != last_header_) ++headers_;
    last_header_ = header;
  }

  /// "basic" or 'literal', up to the end of the line where it is not closed: there the parser gives up as well.
  void skip_string(char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '\n') {
      const char c = text_[at_];
      const bool escape = c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n';
      at_ += escape ? 2 : 1;
      if (c == quote) return;
    }
  }

  bool multi_line_string() const {
    return text_.substr(at_).starts_with("\"\"\"") || text_.substr(at_).starts_with("\'\'\'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  unsigned depth_ = 0;
  unsigned dots_ = 0;
  unsigned headers_ = 0;
  std::string_view last_header_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::optional<TomlTrouble> toml_trouble(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace mapquake
