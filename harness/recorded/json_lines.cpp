#include "harness/recorded/formats.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mapquake::recorded {
namespace {

using nlohmann::json;
using Kind = Field::Kind;

/// Takes the fields of one object as they come, without building it. Numbers stay as they were written as far as the
/// parser tells.
class CallReader : public nlohmann::json_sax<json> {
 public:
  explicit CallReader(RawRow& raw) : raw_(raw) {}
  const std::string& trouble() const { return trouble_; }

  bool null() override { return scalar(Kind::null, ""); }
  bool boolean(bool value) override { return scalar(Kind::boolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return scalar(Kind::number, fmt::format_int(value).c_str()); }
  bool number_unsigned(number_unsigned_t value) override {
    return scalar(Kind::number, fmt::format_int(value).c_str());
  }
  bool number_float(number_float_t, const string_t& written) override { return scalar(Kind::number, written); }
  bool string(string_t& value) override { return scalar(Kind::text, value); }
  bool binary(binary_t&) override { return false; }

  bool key(string_t& name) override {
    if (depth_ == 2) entry_ = name;
    if (depth_ != 1) return true;
    field_ = field_named(name);
    if (field_ && (raw_[*field_].given() || (*field_ == FieldName::result && raw_.visits))) {
      return fail(fmt::format("two fields for \"{}\"", name_of(*field_)));
    }
    return true;
  }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    return fail(fmt::format("no JSON from column {} on", position));
  }

 private:
  static constexpr unsigned depth_max = 64;

  bool fail(std::string reason) {
    trouble_ = std::move(reason);
    return false;
  }

  /// {"5": 50} and [[5, 50], …] are entries, where they are a result.
  bool open(bool object) {
    if (++depth_ > depth_max) return fail("brackets are nested too deep");
    if (depth_ == 1) return object || fail("no object: a call is {\"start\": …, \"op\": …}");
    if (!field_ || depth_ > 3) return true;
    if (*field_ != FieldName::result) return fail(fmt::format("\"{}\" is no plain value", name_of(*field_)));
    if (depth_ == 2) {
      raw_.visits.emplace();
      as_object_ = object;
    } else if (as_object_ || object) {
      return fail("the result's entries are no plain values; write {\"5\": 50} or [[5, 50]]");
    }
    place_ = 0;
    return true;
  }

  bool close() {
    if (depth_-- == 3 && field_ == FieldName::result && place_ != 2) {
      return fail("an entry of the result is a key and a value: [5, 50]");
    }
    return true;
  }

  bool scalar(Kind kind, std::string_view text) {
    if (depth_ == 0) return fail("no object: a call is {\"start\": …, \"op\": …}");
    if (!field_) return true;
    if (depth_ == 1) {
      raw_[*field_].set(kind, text);
      return true;
    }
    if (depth_ == 2 && as_object_) {
      raw_.visits->emplace_back(entry_, text);
    } else if (depth_ == 3 && place_ == 0) {
      entry_ = text;
    } else if (depth_ == 3 && place_ == 1) {
      raw_.visits->emplace_back(entry_, text);
    } else {
      return fail("the result's entries are {\"5\": 50} or [[5, 50]]");
    }
    ++place_;
    return true;
  }

  RawRow& raw_;
  std::string trouble_;
  std::string entry_;
  unsigned depth_ = 0;
  unsigned place_ = 0;
  bool as_object_ = false;
  std::optional<FieldName> field_;
};

}  // namespace

std::string parse_json_line(std::string_view text, RawRow& raw) {
  CallReader reader(raw);
  json::sax_parse(text.begin(), text.end(), &reader);
  return reader.trouble();
}

void read_json_lines(Lines& lines, RowBuilder& builder) {
  RawRow raw;
  bool more = true;
  for (; more; more = lines.next()) {
    std::string_view text = lines.text();
    if (lines.number() == 1 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (text.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (lines.too_long()) {
      builder.bad(lines.number(), "the line is longer than 1 MiB");
      continue;
    }
    raw.clear();
    std::string trouble = parse_json_line(text, raw);
    if (trouble.empty()) {
      builder.add(lines.number(), raw);
    } else {
      builder.bad(lines.number(), std::move(trouble));
    }
  }
}

}  // namespace mapquake::recorded
