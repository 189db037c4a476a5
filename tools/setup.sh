#!/usr/bin/env bash
# Installs what mapquake builds with, from Debian's packages, by name. A no-op when all of it is there.
set -euo pipefail

required=(
  g++ clang-14 cmake ninja-build make ccache git python3 pkg-config
  clang-format-14 clang-tidy-14 gdb
  libboost-fiber1.81-dev libboost-context1.81-dev
  librapidcheck-dev libfiu-dev libgtest-dev libgmock-dev libbenchmark-dev
  libcli11-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev
  libdw-dev libelf-dev libzstd-dev libxxhash-dev libkainjow-mustache-dev
  libtbb-dev libcuckoo-dev
)
# Maps that are tested where their package exists; without one its adapter is left out, and CMake says so.
optional=(
  libcds-dev liburcu-dev libck-dev libabsl-dev libtsl-hopscotch-map-dev libsparsehash-dev
)

installed() { dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'; }

missing=()
for package in "${required[@]}"; do installed "$package" || missing+=("$package"); done
wanted=()
for package in "${optional[@]}"; do installed "$package" || wanted+=("$package"); done
[ ${#missing[@]} -eq 0 ] && [ ${#wanted[@]} -eq 0 ] && exit 0

run=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "setup: these packages are missing and this is not root: ${missing[*]} ${wanted[*]}" >&2
    echo "       run as root: apt-get install ${missing[*]} ${wanted[*]}" >&2
    exit 1
  }
  run=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
echo "setup: installing ${missing[*]} ${wanted[*]}"
"${run[@]}" apt-get update -qq
if [ ${#missing[@]} -gt 0 ]; then
  "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
for package in "${wanted[@]}"; do
  "${run[@]}" apt-get install -y -qq --no-install-recommends "$package" ||
    echo "setup: $package is not to be had here; the maps that need it are left out"
done
