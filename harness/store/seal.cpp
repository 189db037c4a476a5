#include "harness/store/seal.hpp"

#include "harness/base/assert.hpp"
#include "harness/store/text.hpp"

#include <xxhash.h>

namespace mapquake {
namespace {

std::string line_for(std::string_view body) {
  return "checksum = \"" + hex16(XXH3_64bits(body.data(), body.size())) + "\"\n";
}

}  // namespace

std::string sealed(std::string body) {
  MQ_ASSERT(body.empty() || body.back() == '\n');
  return body += line_for(body);
}

Seal read_seal(std::string_view text) {
  const std::string_view without_end = text.substr(0, text.size() - (text.ends_with('\n') ? 1 : 0));
  const std::size_t newline = without_end.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  Seal seal;
  const std::string_view last = text.substr(start);
  seal.present = last.starts_with("checksum =") || last.starts_with("checksum=");
  seal.body = seal.present ? text.substr(0, start) : text;
  seal.intact = seal.present && last == line_for(seal.body);
  return seal;
}

}  // namespace mapquake
