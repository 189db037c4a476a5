// OpenTelemetry spans in the JSON encoding of the OTLP specification (opentelemetry.io/docs/specs/otlp, "JSON Protobuf
// Encoding"): resourceSpans → scopeSpans → spans. Attributes carry what a span has no field for: "thread.id", "key",
// "map.value", "result", … by what stands behind the last '.', as far as that is the name of a field.
#include "harness/recorded/formats.hpp"
#include "harness/recorded/reader.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace mapquake::recorded {
namespace {

using nlohmann::json;
using Kind = Field::Kind;

/// A list below the key, or an empty one.
const json& list(const json& object, const char* name) {
  static const json none = json::array();
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : none;
}

void set_plain(Field& field, const json& value) {
  if (value.is_string()) {
    field.set(Kind::text, value.get_ref<const std::string&>());
  } else if (value.is_boolean()) {
    field.set(Kind::boolean, value.get<bool>() ? "true" : "false");
  } else if (value.is_number()) {
    field.set(Kind::number, value.dump());
  } else {
    field.set(Kind::null, "");
  }
}

/// An AnyValue without a value stands for none.
void set_any_value(Field& field, const json& value) {
  const json* content = nullptr;
  if (value.is_object() && !value.empty()) content = &*value.begin();
  static const json none;
  set_plain(field, content == nullptr ? none : *content);
}

std::optional<FieldName> field_of_attribute(const std::string& name) {
  if (name == "thread.id" || name == "thread.name" || name == "request.id") return FieldName::thread;
  return field_named(std::string_view(name).substr(name.find_last_of('.') + 1));
}

void read_span(const json& span, std::uint64_t number, RowBuilder& builder) {
  if (!span.is_object()) return builder.bad(number, "a span that is no object");
  RawRow raw;
  const auto take = [&](const char* name, FieldName field) {
    if (const auto found = span.find(name); found != span.end()) set_plain(raw[field], *found);
  };
  take("startTimeUnixNano", FieldName::start);
  take("endTimeUnixNano", FieldName::end);
  // OTLP writes 0 where a span has not ended.
  if (raw[FieldName::end].text == "0") raw[FieldName::end].clear();
  take("name", FieldName::operation);
  take("traceId", FieldName::thread);
  for (const json& attribute : list(span, "attributes")) {
    if (!attribute.is_object() || !attribute.contains("key") || !attribute["key"].is_string()) continue;
    const auto field = field_of_attribute(attribute["key"].get_ref<const std::string&>());
    if (!field || *field == FieldName::start || *field == FieldName::end) continue;
    static const json none;
    set_any_value(raw[*field], attribute.contains("value") ? attribute["value"] : none);
  }
  if (const auto status = span.find("status"); status != span.end() && status->is_object()) {
    const json code = status->value("code", json());
    if (code == 2 || code == "STATUS_CODE_ERROR") raw[FieldName::status].set(Kind::text, "unknown");
  }
  builder.add(number, raw);
}

void read_document(const json& document, std::uint64_t line, std::uint64_t& spans, RowBuilder& builder) {
  if (document.is_discarded()) return builder.bad(spans + 1, fmt::format("no JSON document at line {}", line));
  for (const json& resource : list(document, "resourceSpans")) {
    for (const json& scope : list(resource, "scopeSpans")) {
      for (const json& span : list(scope, "spans")) read_span(span, ++spans, builder);
    }
  }
}

}  // namespace

void read_otlp(Lines& lines, RowBuilder& builder) {
  const auto parsed = [](const std::string& text) { return json::parse(text, nullptr, false); };
  std::uint64_t spans = 0;
  json begun = parsed(lines.text());
  const bool a_line_each = !begun.is_discarded();
  std::string document;
  bool more = true;
  const std::uint64_t first = lines.number();
  for (; more; more = lines.next()) {
    if (lines.too_long() || document.size() + lines.text().size() > document_bytes_max) {
      return builder.bad(spans + 1, fmt::format("line {} makes the document larger than can be read; "
                                                "export one batch of spans a line",
                                                lines.number()));
    }
    if (!a_line_each) {
      document += lines.text() + '\n';
    } else if (lines.number() == first) {
      read_document(std::exchange(begun, {}), first, spans, builder);
    } else if (!lines.text().empty()) {
      read_document(parsed(lines.text()), lines.number(), spans, builder);
    }
  }
  if (!a_line_each) read_document(parsed(document), first, spans, builder);
}

}  // namespace mapquake::recorded
