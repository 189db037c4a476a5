#!/bin/sh
# Brings the replay files of docs/findings/ up to date after a change that renames places or events: each is shrunk again
# from the closest schedule of this build. A file whose failure does not happen any more stays as it is, and is named.
set -eu
cd "$(dirname "$0")/.."
mapquake=${1:-build/mapquake}
fresh=$(mktemp --suffix=.toml)
trap 'rm -f "$fresh"' EXIT
failed=0
for file in docs/findings/*.toml; do
  code=0
  "$mapquake" replay "$file" >/dev/null 2>&1 || code=$?
  [ $code -eq 1 ] && continue
  rm -f "$fresh"
  "$mapquake" shrink --nearest --time 20s --out "$fresh" "$file" >/dev/null 2>&1 || true
  code=0
  [ -f "$fresh" ] && { "$mapquake" replay "$fresh" >/dev/null 2>&1 || code=$?; }
  if [ $code -eq 1 ]; then
    cp "$fresh" "$file"
    echo "renewed $file"
  else
    echo "cannot renew $file" >&2
    failed=1
  fi
done
exit $failed
