#include "harness/base/assert.hpp"
#include "reports/formats/formats.hpp"
#include "reports/html/page.hpp"

#include <array>
#include <string_view>

namespace mapquake::reports {
namespace {

/// Within an element of text.
std::string escaped_for_html(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&') {
      safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
    } else {
      safe += c;
    }
  }
  return safe;
}

/// No end of a script element and no comment can stand in it; "<" occurs in JSON only within strings.
std::string for_script(const std::string& json) {
  std::string safe;
  for (const char c : json) safe += c == '<' ? "\\u003c" : std::string(1, c);
  return safe;
}

}  // namespace

std::string html_page(const CampaignFacts& campaign) {
  const std::string json = campaign.json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const std::array<std::pair<std::string_view, std::string>, 4> parts{
      {{"{{style}}", html_style},
       {"{{text}}", escaped_for_html(campaign_text(campaign, {}))},
       {"{{document}}", for_script(json)},
       {"{{script}}", html_script}}};
  // In one pass, so that nothing in a part is taken for a place.
  const std::string_view all = html_template;
  std::string page;
  std::size_t at = 0;
  for (const auto& [place, content] : parts) {
    const std::size_t found = all.find(place, at);
    MQ_ASSERT(found != std::string_view::npos);
    page.append(all.substr(at, found - at)).append(content);
    at = found + place.size();
  }
  return page.append(all.substr(at));
}

}  // namespace mapquake::reports
