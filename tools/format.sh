#!/usr/bin/env bash
# Formats every source with clang-format 14 and the tree's .clang-format. With --check nothing is written; the places
# that differ are printed, and the exit code says whether there were any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run -Werror)
find adapters harness reports scenarios tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
  xargs -0 -P "$(nproc)" -n 32 clang-format-14 "${mode[@]}"
