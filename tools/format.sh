#!/usr/bin/env bash
# Formats every source with clang-format 14 and the tree's .clang-format. With --check nothing is written; the files
# that differ are named, and the exit code says whether there were any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v clang-format-14 >/dev/null || { echo "format: clang-format-14 is missing; \`make setup\` installs it" >&2; exit 1; }
sources() { find adapters harness reports scenarios tests \( -name '*.cpp' -o -name '*.hpp' \) -print0; }

if [ "${1:-}" != --check ]; then
  sources | xargs -0 -P "$(nproc)" -n 32 clang-format-14 -i
  exit 0
fi
differing=$(sources | xargs -0 clang-format-14 --dry-run -Werror --ferror-limit=1 2>&1 |
  sed -n 's/^\([^: ]*\):[0-9]*:[0-9]*: error: .*/  \1/p' | sort -u) || true
if [ -n "$differing" ]; then
  printf 'format: these differ from .clang-format, and `make format` rewrites them:\n%s\n' "$differing"
  exit 1
fi
