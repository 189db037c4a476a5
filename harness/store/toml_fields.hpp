// Typed, bounded access to the parsed TOML, with the first error kept. Only the parsers include this: toml++ takes
// seconds to compile.
#pragma once

#include "harness/store/text.hpp"
#include "harness/store/toml_guard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mapquake {

/// An assertion of toml++ failed. Bad input can do that ("[=" in 3.3, and toml_guard.hpp catches that one), so it must
/// neither end the process nor, with NDEBUG, become an assumption of the optimiser.
struct TomlAssertion {};
[[noreturn]] inline void toml_assertion_failed() {
  throw TomlAssertion();
}

}  // namespace mapquake

// Header-only, although Debian's CMake target asks for its shared library: there the assertions are not ours.
#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? void(0) : ::mapquake::toml_assertion_failed())
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace mapquake {

inline unsigned line_of(const toml::node& node) {
  return node.source().begin.line;
}

/// Text from anyone as a table, handed to `read(const toml::table&)`. Empty where that was possible; else the line and
/// the reason why not. What `read` makes of the table is its own affair.
template <class Read>
std::optional<TomlTrouble> parse_toml(std::string_view text, Read read) {
  if (auto trouble = toml_trouble(text)) return trouble;
  try {
    read(toml::parse(text));
  } catch (const toml::parse_error& wrong) {
    return TomlTrouble{wrong.source().begin.line, cleaned(wrong.description(), 300, LineBreaks::forbidden)};
  } catch (const TomlAssertion&) {
    return TomlTrouble{1, "the file is not valid TOML"};
  }
  return std::nullopt;
}

/// Collects errors; of several, the one that stands first in the file is reported.
class TomlFields {
 public:
  struct Trouble {
    unsigned line = 0;
    std::string reason;
    bool misfit = false;  ///< a choice does not fit the program: the nearest schedule leaves it out
  };

  void fail(unsigned line, std::string reason, bool misfit = false) {
    if (!trouble_ || line < trouble_->line) trouble_ = Trouble{line, std::move(reason), misfit};
  }
  const std::optional<Trouble>& trouble() const { return trouble_; }

  /// Empty after a failure.
  std::string text(const toml::node& node, std::string_view key, std::size_t bytes_max,
                   LineBreaks breaks = LineBreaks::forbidden) {
    const auto* value = node.as_string();
    if (value == nullptr) {
      fail(line_of(node), fmt::format("{} is not a string", key));
    } else if (value->get().size() > bytes_max) {
      fail(line_of(node), fmt::format("{} is longer than {} bytes", key, bytes_max));
    } else if (!is_clean(value->get(), breaks)) {
      fail(line_of(node), fmt::format("{} contains a control character", key));
    } else {
      return value->get();
    }
    return {};
  }

  std::string hex(const toml::node& node, std::string_view key) {
    std::string digits = text(node, key, 16);
    if (is_hex16(digits)) return digits;
    fail(line_of(node), fmt::format("{} is not 16 lower-case hexadecimal digits in quotes", key));
    return {};
  }

  std::optional<std::int64_t> integer(const toml::node& node, std::string_view what) {
    const auto* value = node.as_integer();
    if (value != nullptr) return value->get();
    fail(line_of(node), fmt::format("{} is not an integer within 64 bits", what));
    return std::nullopt;
  }

  /// In [0, max]; above 2^63 - 1 it stands in quotes, as TOML has no such integers.
  std::uint64_t number(const toml::node& node, std::string_view key, std::uint64_t max = UINT64_MAX) {
    std::optional<std::uint64_t> number;
    if (const auto* value = node.as_integer(); value != nullptr && value->get() >= 0) {
      number = static_cast<std::uint64_t>(value->get());
    } else if (const auto* digits = node.as_string(); digits != nullptr) {
      const char* const end = digits->get().data() + digits->get().size();
      std::uint64_t parsed = 0;
      const auto [at, code] = std::from_chars(digits->get().data(), end, parsed);
      if (code == std::errc() && at == end) number = parsed;
    }
    if (number && *number <= max) return *number;
    fail(line_of(node), fmt::format("{} is not a number from 0 to {}", key, max));
    return 0;
  }

  double seconds(const toml::node& node, std::string_view key) {
    std::optional<double> value;
    if (const auto* real = node.as_floating_point()) value = real->get();
    if (const auto* whole = node.as_integer()) value = static_cast<double>(whole->get());
    if (value && std::isfinite(*value) && *value >= 0) return *value;
    fail(line_of(node), fmt::format("{} is not a number of seconds", key));
    return 0;
  }

  bool boolean(const toml::node& node, std::string_view key) {
    const auto* value = node.as_boolean();
    if (value != nullptr) return value->get();
    fail(line_of(node), fmt::format("{} is neither true nor false", key));
    return false;
  }

  /// Null after a failure.
  const toml::array* list(const toml::node& node, std::string_view key, std::size_t count_max) {
    const auto* array = node.as_array();
    if (array == nullptr) {
      fail(line_of(node), fmt::format("{} is not a list", key));
    } else if (array->size() > count_max) {
      fail(line_of(node), fmt::format("{} has {} elements; at most {} are allowed", key, array->size(), count_max));
      array = nullptr;
    }
    return array;
  }

  /// Calls the reader of each key that is there; a key without a reader is an error, so that no typo goes unnoticed.
  template <class Context>
  struct Field {
    std::string_view key;
    void (*read)(Context&, const toml::node&, std::string_view key);
  };
  template <class Context>
  void table(const toml::node& node, std::string_view name, std::span<const Field<Context>> fields, Context& context) {
    const auto* entries = node.as_table();
    if (entries == nullptr) return fail(line_of(node), fmt::format("{} is not a table", name));
    for (auto&& [key, value] : *entries) {
      const Field<Context>* found = nullptr;
      for (const Field<Context>& field : fields) {
        if (field.key == key.str()) found = &field;
      }
      if (found != nullptr) {
        found->read(context, value, found->key);
      } else {
        fail(key.source().begin.line, fmt::format("key {} is unknown in {}", shown(key.str()), name));
      }
    }
  }

 private:
  std::optional<Trouble> trouble_;
};

}  // namespace mapquake
