// The files of reports/html/, compiled in.
#pragma once

namespace mapquake::reports {

/// With the places {{style}}, {{text}}, {{document}} and {{script}}.
extern const char* const html_template;
extern const char* const html_style;
extern const char* const html_script;

}  // namespace mapquake::reports
