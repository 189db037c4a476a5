#include "harness/store/toml_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>

namespace mapquake {
namespace {

/// Moves over strings and comments and judges the rest.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TomlTrouble> run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = start_ = 3;
    while (at_ < text_.size()) {
      const unsigned line = line_;
      if (const char* reason = misplaced()) return TomlTrouble{line, reason};
      step();
      if (depth_ > toml_depth_max) return trouble("brackets are nested more than {} deep", toml_depth_max);
      if (dots_ > toml_dots_max) return trouble("more than {} dots outside strings", toml_dots_max);
      if (headers_ > toml_headers_max) return trouble("more than {} tables", toml_headers_max);
      if (nodes_ > toml_nodes_max) return trouble("more than {} values", toml_nodes_max);
    }
    return std::nullopt;
  }

 private:
  template <class Number>
  TomlTrouble trouble(fmt::format_string<const Number&> reason, const Number& limit) const {
    return {line_, fmt::format(reason, limit)};
  }

  bool next_is(std::string_view piece) const { return text_.substr(at_).starts_with(piece); }

  /// Why the character here cannot stand here, or null. toml++ scans a bare value up to the next delimiter, whatever
  /// comes: `1{'é'`. So what opens a string, list or table must follow a delimiter, or the parser would see characters
  /// outside ASCII where this scanner sees a string.
  const char* misplaced() const {
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) >= 0x80) return "a character outside ASCII stands outside a string";
    if (c == '=' && (depth_ > 0 && is_list_[depth_])) return "a list contains =";
    if (c == '=' && assigned_) return "a second = follows the first";
    const bool opens = c == '"' || c == '\'' || c == '[' || c == '{';
    if (!opens) return nullptr;
    if (at_ > start_ && std::string_view(" \t\n=,[{").find(text_[at_ - 1]) == std::string_view::npos) {
      return "a string, list or table begins where none can";
    }
    if (next_is("\"\"\"") || next_is("'''")) return "multi-line strings are not part of this format; write \\n";
    if (at_header() && !header_has_key()) return "expected the name of a table after [";
    return nullptr;
  }

  void step() {
    const char c = text_[at_];
    if (at_header()) count_header();
    if (c != ' ' && c != '\t' && c != '\r') line_is_blank_ = c == '\n';
    if (c == ',' || c == '{' || c == '\n') assigned_ = false;
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
        if (depth_ < is_list_.size()) is_list_[depth_] = c == '[';
        break;
      case ']':
      case '}':
        depth_ -= depth_ > 0 ? 1 : 0;
        break;
      case '=':
        assigned_ = true;
        ++nodes_;
        break;
      case ',':
        ++nodes_;
        break;
      default:
        break;
    }
    ++at_;
  }

  bool at_header() const { return text_[at_] == '[' && line_is_blank_ && depth_ == 0; }

  bool header_has_key() const {
    const std::size_t key = text_.find_first_not_of(" \t", at_ + (next_is("[[") ? 2 : 1));
    const auto c = static_cast<unsigned char>(key < text_.size() ? text_[key] : 0);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '"' || c == '\'';
  }

  void count_header() {
    const std::string_view header = text_.substr(at_, text_.find('\n', at_) - at_);
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

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  unsigned line_ = 1;
  bool line_is_blank_ = true;  // so far
  bool assigned_ = false;      // since the last , { or line feed there was a =
  std::bitset<toml_depth_max + 1> is_list_;
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
