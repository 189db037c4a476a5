#include "harness/case/known_defects.hpp"

#include "harness/base/rng.hpp"

namespace mapquake {

std::uint64_t defect_fingerprint(Outcome outcome, std::string_view label, std::uint64_t facts) {
  std::uint64_t hash = mix64(static_cast<std::uint64_t>(outcome) + 1);
  for (const char c : label) hash = mix64(hash ^ static_cast<unsigned char>(c));
  hash = mix64(hash ^ facts);
  return hash == 0 ? 1 : hash;
}

}  // namespace mapquake
