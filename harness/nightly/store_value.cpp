#include "harness/nightly/store_value.hpp"

#include <xxhash.h>

#include <tuple>
#include <utility>

namespace mapquake::nightly {

CaseSize size_of(const ReplayFile& file) {
  return {file.program.threads.size(), file.program.operation_count(), file.choices.size(),
          file.program.prefill.size()};
}

StoredDefect stored_defect(const ReplayFile& file, std::string_view text, std::filesystem::path path) {
  return {.size = size_of(file),
          .digest = XXH3_64bits(text.data(), text.size()),
          .scenario = file.scenario,
          .outcome = file.outcome,
          .label = file.label,
          .why = file.why,
          .path = std::move(path)};
}

const StoredDefect& smaller(const StoredDefect& a, const StoredDefect& b) {
  const auto rank = [](const StoredDefect& defect) {
    return std::tie(defect.size, defect.digest, defect.scenario, defect.outcome, defect.label);
  };
  return rank(b) < rank(a) ? b : a;
}

void add(StoreValue& store, const DefectKey& key, StoredDefect defect) {
  const auto [at, is_new] = store.defects.try_emplace(key, defect);
  if (!is_new && !(smaller(at->second, defect) == at->second)) at->second = std::move(defect);
}

void add(StoreValue& store, RunRecord run) {
  const auto [at, is_new] = store.runs.try_emplace(run.id, run);
  if (!is_new && &later(at->second, run) == &run) at->second = std::move(run);
}

StoreValue merge(StoreValue a, const StoreValue& b) {
  for (const auto& [key, defect] : b.defects) add(a, key, defect);
  for (const auto& [id, run] : b.runs) add(a, run);
  return a;
}

}  // namespace mapquake::nightly
