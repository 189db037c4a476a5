#!/usr/bin/env bash
# Formats every source with clang-format 14 and the tree's .clang-format. With --check nothing is written; the files
# that differ are named, and the exit code says whether there were any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sources() { find adapters harness reports scenarios tests \( -name '*.cpp' -o -name '*.hpp' \) -print0; }

if [ "${1:-}" != --check ]; then
  sources | xargs -0 -P "$(nproc)" -n 32 clang-format-14 -i
  exit 0
fi
differing=$(sources | xargs -0 -P "$(nproc)" -I{} sh -c 'clang-format-14 "$1" | cmp -s - "$1" || echo "  $1"' sh {} | sort)
if [ -n "$differing" ]; then
  printf 'format: these differ from .clang-format, and `make format` rewrites them:\n%s\n' "$differing"
  exit 1
fi
