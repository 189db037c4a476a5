// Text with names between '@' that values take the place of.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace mapquake {

/// `text` with every "@NAME@" replaced by values.at(NAME). One pass: what is filled in is never looked into. A '@' that
/// has no second one stays. Requires: every name has a value.
std::string filled(std::string_view text, const std::map<std::string_view, std::string>& values);

}  // namespace mapquake
