#include "harness/shrink/candidates.hpp"

#include "harness/shrink/measure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace mapquake {
namespace {

using Renaming = std::map<std::int64_t, std::int64_t>;

/// Prefill entries that come to have the key of another are left out.
Program renamed(const Program& program, const Renaming& renaming) {
  Program output = program;
  output.prefill.clear();
  std::map<std::int64_t, std::int64_t> present;  // by new name: the old one
  for (auto entry : program.prefill) {
    const std::int64_t old = entry.key;
    entry.key = renaming.at(old);
    if (present.emplace(entry.key, old).first->second == old) output.prefill.push_back(entry);
  }
  for (auto& thread : output.threads) {
    for (Operation& operation : thread) {
      if (names_key(operation.kind)) operation.key = renaming.at(operation.key);
      if (names_other_key(operation.kind)) operation.extra = renaming.at(operation.extra);
    }
  }
  return output;
}

void keep_if_new(std::vector<Program>& candidates, const Program& original, Program candidate) {
  if (!(candidate == original)) candidates.push_back(std::move(candidate));
}

/// Every program that differs in one operation's key, where the key is a number.
void smaller_numbers(const Program& program, std::vector<Program>& candidates) {
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    for (std::size_t op = 0; op < program.threads[thread].size(); ++op) {
      const Operation& operation = program.threads[thread][op];
      const Takes takes = traits_of(operation.kind).takes;
      const bool number = takes == Takes::number || takes == Takes::parity;
      const std::int64_t least = 0;
      if (!number || operation.key <= least) continue;
      for (const std::int64_t smaller : std::set{least, operation.key / 2, operation.key - 1}) {
        if (smaller < least || smaller >= operation.key) continue;
        Program candidate = program;
        candidate.threads[thread][op].key = smaller;
        candidates.push_back(std::move(candidate));
      }
    }
  }
}

}  // namespace

std::vector<Program> with_threads_merged(const Program& program) {
  std::vector<Program> candidates;
  for (std::size_t into = 0; into < program.threads.size(); ++into) {
    for (std::size_t from = 0; from < program.threads.size(); ++from) {
      if (from == into) continue;
      Program candidate = program;
      auto& operations = candidate.threads[into];
      operations.insert(operations.end(), program.threads[from].begin(), program.threads[from].end());
      candidate.threads.erase(candidate.threads.begin() + static_cast<std::ptrdiff_t>(from));
      candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

std::vector<Program> with_insert_hoisted(const Program& program) {
  std::vector<Program> candidates;
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    if (program.threads[thread].size() < 2 && program.threads.size() < 2) continue;
    const Operation& first = program.threads[thread].front();
    const bool present = std::any_of(program.prefill.begin(), program.prefill.end(),
                                     [&](const abi::Entry& entry) { return entry.key == first.key; });
    if (!adds_entry(first.kind) || names_other_key(first.kind) || present) continue;
    Program candidate = program;
    candidate.prefill.push_back({first.key, first.value});
    auto& operations = candidate.threads[thread];
    operations.erase(operations.begin());
    if (operations.empty()) candidate.threads.erase(candidate.threads.begin() + static_cast<std::ptrdiff_t>(thread));
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

std::vector<Program> with_filling_made(const Program& program) {
  std::vector<Program> candidates;
  if (program.operation_count() != 1 || program.prefill.empty() || program.construct_from_range) return candidates;
  for (const OpKind kind : {OpKind::insert, OpKind::assign, OpKind::get_or_create}) {
    Program candidate = program;
    const abi::Entry last = candidate.prefill.back();
    candidate.prefill.pop_back();
    candidate.threads = {{{kind, last.key, last.value}}};
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

std::vector<Program> with_plain_construction(const Program& program) {
  std::vector<Program> candidates;
  Program plain = program;
  plain.hash = abi::HashMode::good;
  plain.capacity_hint = plain.capacity = 0;
  plain.construct_from_range = false;
  plain.races_passed = 0;
  keep_if_new(candidates, program, plain);
  if (candidates.empty()) return candidates;
  Program one = program;
  one.hash = plain.hash;
  keep_if_new(candidates, program, one);
  one = program;
  one.races_passed = 0;
  keep_if_new(candidates, program, one);
  one = program;
  one.capacity_hint = 0;
  keep_if_new(candidates, program, one);
  one = program;
  one.capacity = 0;
  keep_if_new(candidates, program, one);
  if (program.capacity > 1) {
    one.capacity = program.capacity - 1;
    keep_if_new(candidates, program, one);
  }
  one = program;
  one.construct_from_range = false;
  keep_if_new(candidates, program, one);
  return candidates;
}

std::vector<Program> with_smaller_keys(const Program& program) {
  std::vector<Program> candidates;
  const std::vector<std::int64_t> keys = keys_of(program);
  Renaming in_order, by_parity, same;
  std::int64_t next = 1, odd = 1, even = 2;
  for (const std::int64_t key : keys) {
    same[key] = key;
    in_order[key] = next++;
    std::int64_t& number = key % 2 != 0 ? odd : even;
    by_parity[key] = std::exchange(number, number + 2);
  }
  keep_if_new(candidates, program, renamed(program, in_order));
  keep_if_new(candidates, program, renamed(program, by_parity));
  // Merging a key of the prefill alone would only drop its entry, which is tried elsewhere.
  const std::vector<std::int64_t> named = keys_of_operations(program);
  for (const std::int64_t gone : named) {
    for (const std::int64_t kept : keys) {
      if (kept >= gone) break;
      Renaming merged = same;
      merged[gone] = kept;
      candidates.push_back(renamed(program, merged));
    }
  }
  // Where renaming all fails (a hash that minds the numbers), each key may still become smaller by itself.
  for (const std::int64_t key : named) {
    for (std::int64_t smaller = 1; smaller < std::min<std::int64_t>(key, 9); ++smaller) {
      if (std::ranges::binary_search(keys, smaller)) continue;
      Renaming one = same;
      one[key] = smaller;
      candidates.push_back(renamed(program, one));
    }
  }
  smaller_numbers(program, candidates);
  return candidates;
}

std::vector<Program> with_plain_values(const Program& program) {
  std::vector<Program> candidates;
  const Program canonical = with_canonical_values(program);
  keep_if_new(candidates, program, canonical);
  if (candidates.empty()) return candidates;
  Program one = program;
  for (std::size_t i = 0; i < program.prefill.size(); ++i) {
    one.prefill[i].value = canonical.prefill[i].value;
    keep_if_new(candidates, program, one);
    one.prefill[i].value = program.prefill[i].value;
  }
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    for (std::size_t op = 0; op < program.threads[thread].size(); ++op) {
      one.threads[thread][op] = canonical.threads[thread][op];
      keep_if_new(candidates, program, one);
      one.threads[thread][op] = program.threads[thread][op];
    }
  }
  return candidates;
}

std::vector<Program> with_threads_swapped(const Program& program) {
  std::vector<Program> candidates;
  for (std::size_t thread = 0; thread + 1 < program.threads.size(); ++thread) {
    Program candidate = program;
    std::swap(candidate.threads[thread], candidate.threads[thread + 1]);
    keep_if_new(candidates, program, std::move(candidate));
  }
  return candidates;
}

}  // namespace mapquake
