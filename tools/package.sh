#!/usr/bin/env bash
# Builds the Debian packages, with their bill of materials, into build-release/packages. The same tree gives the same
# bytes: times are those of the last commit ($SOURCE_DATE_EPOCH overrides), paths those of the installation.
# --twice: copies the tree to two directories of different length, builds both without ccache, and compares.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${JOBS:-$(nproc)}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH

build_packages() { # in the current directory
  umask 022
  cmake --preset release >/dev/null
  ninja --quiet -C build-release -j "$jobs" mapquake adapters/all mapquake_generated
  tools/sbom.py --build build-release --out build-release/sbom.cdx.json >/dev/null
  rm -rf build-release/packages
  (cd build-release && cpack -G DEB -B packages >/dev/null && rm -rf packages/_CPack_Packages)
}

if [ "${1:-}" != --twice ]; then
  build_packages
  ls build-release/packages/*.deb
  exit 0
fi

place=${TMPDIR:-/tmp}/mapquake-twice
rm -rf "$place"
export CCACHE_DISABLE=1
for copy in "$place/a" "$place/somewhere/else/b"; do
  mkdir -p "$copy"
  git ls-files -z | xargs -0 cp --parents -t "$copy"
  (cd "$copy" && build_packages)
done
status=0
cd "$place"
for file in a/build-release/mapquake a/build-release/adapters/*.so a/build-release/packages/*.deb; do
  cmp "$file" "somewhere/else/b/${file#a/}" || status=1
done
[ $status -eq 0 ] && sha256sum a/build-release/mapquake a/build-release/packages/*.deb
exit $status
