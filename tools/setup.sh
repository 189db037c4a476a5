#!/usr/bin/env bash
# Installs what mapquake builds with, from Debian's packages, by name. A no-op when all of it is there.
set -euo pipefail

required=(
  g++ clang-14 cmake ninja-build make ccache git python3 pkg-config dpkg-dev
  clang-format-14 clang-tidy-14 gdb
  libboost-fiber1.81-dev libboost-context1.81-dev
  librapidcheck-dev libfiu-dev libgtest-dev libgmock-dev libbenchmark-dev
  libcli11-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev
  libdw-dev libelf-dev libzstd-dev libxxhash-dev libpugixml-dev python3-jsonschema python3-yaml libxml2-utils libkainjow-mustache-dev
  libtbb-dev libcuckoo-dev
)
# With go the writer of record files in Go is tested (docs/examples/record.go), with afl++ the targets for it are built.
# Maps that are tested where their package exists; without one its adapter is left out, and CMake says so. With a
# browser the HTML report is clicked through, with shells completion is tried in them; without, those tests are skipped.
optional=(
  chromium zsh fish man-db golang-go afl++
  libcds-dev liburcu-dev libck-dev libabsl-dev libtsl-hopscotch-map-dev libsparsehash-dev
)

command -v dpkg-query >/dev/null || {
  echo "setup: this is not Debian; install the counterparts of these yourself: ${required[*]}" >&2
  exit 0
}

# Prints those of the arguments that are not installed.
missing_of() {
  comm -23 <(printf '%s\n' "$@" | sort) \
    <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}
mapfile -t needed < <(missing_of "${required[@]}")
mapfile -t wanted < <(missing_of "${optional[@]}")

# An optional package that this release does not have is asked for once, not in every build.
note=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mapquake/not-to-be-had
if [ ${#needed[@]} -eq 0 ] && { [ ${#wanted[@]} -eq 0 ] || [ "$(cat "$note" 2>/dev/null)" = "${wanted[*]}" ]; }; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    [ ${#needed[@]} -eq 0 ] && exit 0
    echo "setup: packages are missing and this is not root; run as root:" >&2
    echo "       apt-get install ${needed[*]} ${wanted[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }

echo "setup: installing ${needed[*]} ${wanted[*]}"
apt update || echo "setup: the package lists could not be refreshed; trying with those that are there" >&2
if [ ${#needed[@]} -gt 0 ] && ! apt install -y --no-install-recommends "${needed[@]}"; then
  echo "setup: apt-get could not install: ${needed[*]}" >&2
  exit 1
fi
refused=()
for package in "${wanted[@]}"; do
  apt install -y --no-install-recommends "$package" ||
    apt-cache show "$package" >/dev/null 2>&1 || refused+=("$package")
done
if [ ${#refused[@]} -gt 0 ]; then
  echo "setup: not to be had here, what is tested with them is left out: ${refused[*]}"
  mkdir -p "$(dirname "$note")" && echo "${refused[*]}" >"$note"
fi
